import MediaDecoding
import Testing

@testable import XMPEditing

@Suite struct SidecarEditorTests {
    @Test func aNewSidecarSaysWhatWasWanted() throws {
        let edit = SidecarEdit(
            caption: .init("A dog & a <cat>"), addedTags: [["dog"], ["animals", "cat"]],
            fileExtension: "jpg")
        print(String(decoding: try SidecarEditor.apply(edit, to: nil), as: UTF8.self))
    }
}
