import MediaDecoding
import TestSupport
import Testing
import XMPEditing

@testable import XMPWriting

@Suite struct NewSidecarTests {
    /// Texts that XML, or one of the fields, takes for something else.
    private static let words = [
        "a boat", "Ufer & <See>", "a|b", "c/d", " blank ", "\u{1F6A3}", "zwei\nZeilen",
        "cr\rlf\r\n",
        "\"quoted\" 'twice'", "]]>", "A BOAT", "a\tb", "", " ", "\u{0301}", "e\u{0301}", "é", "/",
        "|",
    ]

    private static func text(_ random: inout SeededGenerator) -> String {
        (0..<Int.random(in: 1...3, using: &random)).map { _ in
            words.randomElement(using: &random) ?? ""
        }.joined()
    }

    private static func edit(_ random: inout SeededGenerator) -> SidecarEdit {
        func maybe(_ random: inout SeededGenerator) -> String? {
            Bool.random(using: &random) ? text(&random) : nil
        }
        func list(_ random: inout SeededGenerator) -> [String] {
            (0..<Int.random(in: 0...5, using: &random)).map { _ in text(&random) }
        }
        let tags = (0..<Int.random(in: 0...6, using: &random)).map { _ in list(&random) }
        return SidecarEdit(
            caption: .init(maybe(&random)), title: .init(maybe(&random)),
            alternativeText: Bool.random(using: &random) ? .init(maybe(&random)) : nil,
            addedTags: tags, removedTags: [["boat"]],
            record: Bool.random(using: &random)
                ? SidecarRecord(
                    writer: "Vignette", library: maybe(&random), edition: "1",
                    model: maybe(&random), caption: maybe(&random), title: maybe(&random),
                    alternativeText: maybe(&random), modelTags: list(&random),
                    humanTags: list(&random)) : nil,
            fileExtension: Bool.random(using: &random) ? "jpg" : nil)
    }

    @Test func itIsWhatTheEditorMakesOfABlankOne() throws {
        var random = SeededGenerator(seed: 19)
        for number in 0..<2000 {
            let edit = Self.edit(&random)
            let made = try #require(NewSidecar.bytes(saying: edit))
            let expected = try SidecarEditor.apply(edit, to: nil)
            try #require(
                made == expected,
                """
                number \(number): \(edit)
                \(String(decoding: made, as: UTF8.self))
                \(String(decoding: expected, as: UTF8.self))
                """)
        }
    }

    @Test func whatSaysNothingIsABlankOne() {
        #expect(NewSidecar.bytes(saying: SidecarEdit()) == NewSidecar.blank)
    }
}
