@testable import Catalogue
import MediaDecoding
import Foundation
import SystemPackage
import Testing
import WorkQueue

@Suite struct CatalogueSearchTests {
    let fixture: CatalogueFixture

    /// Files 1 to 4 below a folder, described in their order.
    init() throws {
        fixture = try CatalogueFixture()
        try fixture.observe("2024/harbour_1.jpg", "2024/2.jpg", "2025/3.jpg", "2025/4.mp4")
        try fixture.describeNext(
            as: 1, caption: "A red boat by the sea.", tags: ["boat", "sea"],
            capture: CaptureFacts(takenAt: "2024-07-26T18:03:11"))
        try fixture.describeNext(as: 2, caption: "A red car by a house.", tags: ["car"])
        try fixture.describeNext(as: 3, caption: "Un café près de l'église.", tags: ["coffee"])
        let job = try fixture.lease()
        let answer = try fixture.catalogue.identified(
            job, as: CatalogueFixture.facts(4, kind: .video), wanting: CatalogueFixture.recipe)
        guard case .needsDescription(let work) = answer else { throw FixtureError.superseded }
        let result = CatalogueFixture.result(caption: "Waves.", tags: ["sea", "water"])
        _ = try fixture.catalogue.complete(work, with: result)
    }

    @Test(
        arguments: [
            ("boat", [1]), ("red", [2, 1]), ("red boat", [1]), ("BOA", [1]), ("oat", []),
            ("\"red boat\"", [1]), ("\"boat red\"", []), ("red -car", [1]), ("-red", [4, 3]),
            ("cafe", [3]), ("CAFÉ", [3]), ("cafe\u{301} eglise", [3]), ("harbour", [1]),
            ("2025", [4, 3]), ("mp4", [4]), ("", [4, 3, 2, 1]), ("!!", []), ("-!! boat", [1]),
            ("boat AND car", []), ("\"wav\"", []),
        ] as [(String, [Int64])])
    func findsWhatWasMeant(_ text: String, _ assets: [Int64]) throws {
        let found = try fixture.catalogue.search(SearchQuery(text)).map(\.assetID)
        #expect(Set(found) == Set(assets))
        #expect(found.count == assets.count)
    }

    @Test func narrowsByTagsAndKind() throws {
        #expect(try search("", tags: ["sea"]) == [4, 1])
        #expect(try search("", tags: ["sea", "boat"]) == [1])
        #expect(try search("", tags: ["se"]) == [])
        #expect(try search("", kind: .video) == [4])
        #expect(try search("sea", tags: ["sea"], kind: .still) == [1])
    }

    @Test func putsATextBeforeANameAndPages() throws {
        try fixture.observe(
            .settled("boat/5.jpg", CatalogueFixture.status(5)))
        try fixture.describeNext(as: 5, caption: "Something else.", tags: ["thing"])
        #expect(try search("boat") == [1, 5])
        #expect(try search("boat", limit: 1) == [1])
        #expect(try search("boat", limit: 1, offset: 1) == [5])
        #expect(try search("boat", limit: 0) == [])
        #expect(try search("boat", limit: -1, offset: -1) == [])
    }

    @Test func saysWhereAndWhatItFound() throws {
        try fixture.observe(.settled("copy.jpg", CatalogueFixture.status(9)))
        try fixture.describeNext(as: 1)
        let hit = try #require(try fixture.catalogue.search(SearchQuery("boat")).first)
        #expect(hit.files.map(\.path) == ["/photos/2024/harbour_1.jpg", "/photos/copy.jpg"])
        #expect(hit.caption == "A red boat by the sea.")
        #expect(hit.tags == ["boat", "sea"])
        #expect(hit.kind == .still)
        #expect(hit.takenAt == "2024-07-26T18:03:11")
        #expect(try search("copy") == [1])
    }

    @Test func findsACaptionsWordTogetherWithTheNameOfAnyCopy() throws {
        for number in 0..<40 {
            try fixture.observe(
                .settled(
                    FilePath("copies/quay\(number).jpg"),
                    CatalogueFixture.status(UInt64(100 + number))))
            try fixture.describeNext(as: 1)
        }
        for words in ["boat quay39", "quay39 sea", "quay39 \"red boat\"", "quay39"] {
            let hits = try fixture.catalogue.search(SearchQuery(words))
            #expect(hits.map(\.assetID) == [1], "\(words)")
            #expect(hits.first?.files.first?.path == "/photos/copies/quay39.jpg", "\(words)")
        }
        #expect(try search("quay39 nowhere") == [])
        #expect(try search("quay39 -boat") == [])
        #expect(try search("boat quay39", kind: .video) == [])
    }

    @Test func leavesMissingFilesOut() throws {
        try fixture.observe(.absent("2024/harbour_1.jpg"))
        #expect(try search("boat") == [])
        #expect(try search("").count == 3)
    }

    /// Whatever is typed, the answer is a list and not an error.
    @Test func survivesEveryInput() throws {
        var random = SplitMix(seed: 7)
        let special = Array("\"'*():^-+{}.,\\/%_ \0\n\u{301}\u{200D}ANDORNOTNEAR".unicodeScalars)
        for _ in 0..<3000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                if random.oneIn(3) {
                    let value = UInt32.random(in: 0...0x10FFFF, using: &random)
                    text.append(Unicode.Scalar(value) ?? "x")
                } else if let scalar = special.randomElement(using: &random) {
                    text.append(scalar)
                }
            }
            let query = SearchQuery(String(text), limit: 3)
            #expect(throws: Never.self, "\(text.map(\.value))") {
                try fixture.catalogue.search(query)
            }
        }
    }

    private func search(
        _ text: String, tags: [String] = [], kind: AssetKind? = nil, limit: Int = 50,
        offset: Int = 0
    ) throws -> [Int64] {
        let query = SearchQuery(text, tags: tags, kind: kind, limit: limit, offset: offset)
        return try fixture.catalogue.search(query).map(\.assetID)
    }
}
