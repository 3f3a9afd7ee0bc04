import Catalogue
import TestSupport
import Testing
import VectorIndex
import WorkQueue

@testable import Finding

@Suite struct TokenVectorsTests {
    private let library: EmbeddedLibrary

    init() throws { library = try EmbeddedLibrary() }

    private func still(_ elements: Float...) -> [VisionToken] { [VisionToken(elements: elements)] }

    private func tokens() throws -> TokenVectors {
        try TokenVectors(of: library.catalogue, by: EmbeddedLibrary.describing)
    }

    /// What all tokens share is far larger than what tells them apart.
    @Test func whatAllShareIsTakenAway() throws {
        let assets = try library.add(
            ["a", "b", "c", "d"],
            tokens: [
                still(100, 1, 0), still(100, 1.1, 0.1), still(100, -1, 0), still(100, 0, -1),
            ])
        let likeness = LikenessSearch(library.catalogue, try tokens())
        let first = try #require(try likeness.direction(of: assets[0]))
        let page = try likeness([first], SearchQuery(""), except: [assets[0]])
        #expect(page.hits.map(\.hit.assetID) == [assets[1], assets[3], assets[2]])
        let similarities = page.hits.compactMap(\.near?.similarity)
        #expect(similarities.first.map { $0 > 0.9 } == true)
        #expect(similarities.last.map { $0 < -0.5 } == true)
    }

    @Test func filtersAndLimitsHold() throws {
        try library.add(
            ["a dog", "a cat", "a bird"],
            tokens: [still(1, 0, 0), still(0.9, 0.1, 0.5), still(0, 1, 0)])
        let likeness = LikenessSearch(library.catalogue, try tokens())
        let direction = try #require(try tokens().direction(of: [[1, 0, 0]]))
        let first = try likeness([direction], SearchQuery("", limit: 1))
        #expect(first.hits.map(\.hit.assetID) == [1] && first.hasMore)
        let none = try likeness([direction], SearchQuery("", tags: ["none"]))
        #expect(none.hits.isEmpty && !none.hasMore)
    }

    @Test func aClipIsFoundByItsSecondsAndMomentsAreItsOwn() throws {
        try library.add(["a", "b"], tokens: [still(0, 0, 1), still(0, 0.1, 1)])
        let clip = try library.add(
            ["a clip"], from: 3, kind: .video,
            tokens: [
                (0..<300).map { second in
                    VisionToken(
                        second: Double(second),
                        elements: (10...12).contains(second) ? [1, 0.1, 0] : [0, 0.2, 1])
                }
            ])
        let likeness = LikenessSearch(library.catalogue, try tokens())
        let direction = try #require(try tokens().direction(of: [[1, 0.1, 0]]))
        let page = try likeness([direction], SearchQuery("", limit: 1))
        #expect(page.hits.first?.hit.assetID == clip[0])
        #expect((10...12).contains(page.hits.first?.near?.second ?? -1))
        let moments = try MomentSearch(library.catalogue)
            .moments(like: direction, likeness, SearchQuery(""))
        #expect(moments.map(\.start) == [10] && moments.map(\.end) == [13])
    }

    @Test func tokensOfAnotherLengthAreLikeNothing() throws {
        try library.add(["a", "b", "c"], tokens: [still(1, 0, 0), still(0, 1, 0), still(1, 0)])
        #expect(try tokens().direction(of: [[1, 0]]) == nil)
        let direction = try #require(try tokens().direction(of: [[1, 0, 0]]))
        let page = try LikenessSearch(library.catalogue, try tokens())([direction], SearchQuery(""))
        #expect(page.hits.map(\.hit.assetID) == [1, 2])
    }

    @Test func withoutTokensThereIsNothingToFindBy() throws {
        try library.add(["a"])
        #expect(throws: NoMeaning.self) { try tokens() }
    }
}
