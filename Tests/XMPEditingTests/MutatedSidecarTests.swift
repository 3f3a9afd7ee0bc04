import MediaDecoding
import TestSupport
import Testing

@testable import XMPEditing

/// Damaged sidecars are edited right or refused.
@Suite struct MutatedSidecarTests {
    private static let sidecar = """
        <?xml version="1.0" encoding="UTF-8"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
         xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=''
          xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:d='http://www.digikam.org/ns/1.0/'
          dc:title="t &amp; u"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">a</rdf:li>
          </rdf:Alt></dc:description><dc:subject><rdf:Bag><rdf:li>b</rdf:li></rdf:Bag></dc:subject>
          <d:TagsList><rdf:Seq><rdf:li>c/b</rdf:li></rdf:Seq></d:TagsList><!-- x --></rdf:Description>
        </rdf:RDF></x:xmpmeta>
        """

    @Test func eachIsEditedOnceOrRefused() throws {
        var random = SeededGenerator(seed: 3)
        let edit = SidecarEdit(
            caption: .init("new", former: "a"), title: .init("T"), alternativeText: .init("x"),
            addedTags: [["e", "f"]], removedTags: [["b"]],
            record: SidecarRecord(writer: "V", caption: "new", modelTags: ["e/f"]),
            fileExtension: "jpg")
        var edited = 0
        var refused = 0
        for _ in 0..<1000 {
            var damaged = Array(Self.sidecar.utf8)
            let place = Int.random(in: 0..<damaged.count, using: &random)
            let bytes = Array("<>&\"'/= :xr\0\u{FF}".utf8)
            if Bool.random(using: &random) {
                damaged.remove(at: place)
            } else {
                damaged[place] = bytes.randomElement(using: &random) ?? 0
            }
            guard let made = try? SidecarEditor.apply(edit, to: damaged) else {
                refused += 1
                continue
            }
            edited += 1
            #expect(try SidecarEditor.apply(edit, to: made) == made)
        }
        #expect(edited > 100 && refused > 100, "\(edited) edited, \(refused) refused")
    }
}
