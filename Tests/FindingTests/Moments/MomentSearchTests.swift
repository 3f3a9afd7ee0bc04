import Catalogue
import SystemPackage
import TestSupport
import Testing
import VectorIndex
import WorkQueue

@testable import Finding

@Suite struct MomentSearchTests {
    private func hit(_ asset: Int64, _ second: Int32, _ similarity: Float) -> VectorHit {
        VectorHit(asset: asset, second: second, similarity: similarity)
    }

    @Test func neighbouringSecondsAreOneMoment() {
        let joined = MomentSearch.joined([
            hit(1, 44, 0.3), hit(1, 42, 0.5), hit(2, 43, 0.4), hit(1, 60, 0.2), hit(1, 43, 0.1),
        ])
        #expect(
            joined == [
                Stretch(asset: 1, start: 42, end: 45, similarity: 0.5, peak: 42),
                Stretch(asset: 2, start: 43, end: 44, similarity: 0.4, peak: 43),
                Stretch(asset: 1, start: 60, end: 61, similarity: 0.2, peak: 60),
            ])
    }

    @Test func aGapOfAFewSecondsDoesNotPartAMoment() {
        #expect(MomentSearch.joined([hit(1, 1, 0.3), hit(1, 4, 0.3)]).count == 1)
        #expect(MomentSearch.joined([hit(1, 1, 0.3), hit(1, 5, 0.3)]).count == 2)
    }

    @Test func aCaptionIsSaidOfTheSecondsInItsStretch() {
        let near = [
            Stretch(asset: 1, start: 5, end: 6, similarity: 0.9),
            Stretch(asset: 1, start: 42, end: 45, similarity: 0.5),
        ]
        let said = [
            Stretch(asset: 1, start: 40, end: 60, caption: "a dog"),
            Stretch(asset: 2, start: 0, end: 20, caption: "a dog too"),
        ]
        let fused = MomentSearch.fuse(near, said)
        #expect(fused.map(\.start) == [42, 5, 0])
        #expect(fused.map(\.caption) == ["a dog", nil, "a dog too"])
        #expect(fused.map(\.similarity) == [0.5, 0.9, nil])
    }

    @Test func findsSecondsThatLookLikeAPicture() throws {
        let library = try EmbeddedLibrary()
        _ = try library.add(
            ["a still"], embeddings: [EmbeddedLibrary.embedding(127, 0, 0)])
        let clip = try library.add(
            ["a clip"], from: 2, kind: .video,
            embeddings: (0..<300).map { second in
                (10...12).contains(second)
                    ? EmbeddedLibrary.embedding(120, 20, 0, second: second)
                    : EmbeddedLibrary.embedding(0, 20, 120, second: second)
            })
        let index = try LibraryIndex(
            of: library.catalogue, by: EmbeddedLibrary.recipe,
            dimension: EmbeddedLibrary.dimension)
        let meaning = Meaning(
            recipe: EmbeddedLibrary.recipe, folder: "/nowhere", index: try index.reader())
        let direction = try #require(Direction(meanOf: [[1, 0, 0]]))
        let moments = try MomentSearch(library.catalogue)
            .moments(
                like: direction, LikenessSearch(library.catalogue, meaning), SearchQuery(""))
        #expect(moments.map(\.hit.assetID) == clip)
        #expect(moments.first?.start == 10 && moments.first?.end == 13)
        let likeness = LikenessSearch(library.catalogue, meaning)
        let ofClip = try #require(try likeness.direction(of: clip[0]))
        let page = try likeness([ofClip], SearchQuery(""), except: Set(clip))
        #expect(page.hits.map(\.hit.assetID).isEmpty == false)
        #expect(!page.hits.map(\.hit.assetID).contains(clip[0]))
    }
}
