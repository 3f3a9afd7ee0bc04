import Catalogue
import Foundation
import SystemPackage
import TestSupport
import Testing
import VectorIndex
import WorkQueue

@testable import Finding

@Suite struct LibraryIndexTests {
    private let library: EmbeddedLibrary
    private let index: LibraryIndex

    init() throws {
        library = try EmbeddedLibrary()
        index = try LibraryIndex(
            of: library.catalogue, by: EmbeddedLibrary.recipe,
            dimension: EmbeddedLibrary.dimension)
    }

    private func add(_ embeddings: StoredEmbedding..., number: Int) throws -> Int64 {
        try #require(try library.add(["x"], from: number, embeddings: embeddings).first)
    }

    private func nearest(_ query: [Float], _ index: LibraryIndex) throws -> [VectorHit] {
        try index.reader().nearest(to: query, count: 9).hits
    }

    @Test func hasWhatTheCatalogueHasWheneverItIsOpened() throws {
        let first = try add(.init(values: [127, 0, 0], scale: 1 / 127), number: 1)
        #expect(try nearest([1, 0, 0], index).map(\.asset) == [first])
        let clip = try add(
            EmbeddedLibrary.embedding(0, 127, 0, second: 4),
            EmbeddedLibrary.embedding(0, 0, 127, second: 5), number: 2)
        let hits = try nearest([0, 0, 1], index)
        #expect(hits.first?.asset == clip && hits.first?.second == 5)
        #expect(hits.count == 3)
    }

    @Test(arguments: ["", "no index at all", "VGNTVECT"])
    func whatCannotBeUsedIsBuiltAnew(content: String) throws {
        let asset = try add(EmbeddedLibrary.embedding(127, 0, 0), number: 1)
        try Data(content.utf8).write(to: URL(filePath: index.path.string))
        #expect(try nearest([1, 0, 0], index).map(\.asset) == [asset])
    }

    @Test func theIndexOfAnotherCatalogueIsNotUsed() throws {
        _ = try add(EmbeddedLibrary.embedding(127, 0, 0), number: 1)
        _ = try index.reader()
        let other = try EmbeddedLibrary()
        let asset = try #require(
            try other.add(
                ["y"], from: 8, embeddings: [EmbeddedLibrary.embedding(0, 127, 0)]
            ).first)
        let theirs = try LibraryIndex(
            of: other.catalogue, by: EmbeddedLibrary.recipe, dimension: EmbeddedLibrary.dimension)
        try FileManager.default.copyItem(atPath: index.path.string, toPath: theirs.path.string)
        let hits = try nearest([0, 1, 0], theirs)
        #expect(hits.map(\.asset) == [asset] && hits[0].similarity > 0.9)
    }

    @Test func anEmbeddingOfAnotherLengthIsLikeNothing() throws {
        _ = try library.add(["x"], embeddings: [StoredEmbedding(values: [127], scale: 1)])
        let asset = try add(EmbeddedLibrary.embedding(127, 0, 0), number: 2)
        let hits = try nearest([1, 0, 0], index)
        #expect(hits.first?.asset == asset)
        #expect(hits.dropFirst().allSatisfy { $0.similarity == 0 })
    }

    @Test func isReadAsItIsWhileSomebodyElseWritesIt() throws {
        let asset = try add(EmbeddedLibrary.embedding(127, 0, 0), number: 1)
        let writer = try index.writer()
        try index.update(writer) { false }
        _ = try add(EmbeddedLibrary.embedding(0, 127, 0), number: 2)
        #expect(try nearest([1, 0, 0], index).map(\.asset) == [asset])
        try index.update(writer) { false }
        #expect(try nearest([1, 0, 0], index).count == 2)
    }
}
