import Catalogue
import SystemPackage
import TestSupport
import Testing
import VectorIndex

@testable import Finding

@Suite struct LibrarySearchTests {
    private let library: EmbeddedLibrary

    init() throws {
        library = try EmbeddedLibrary()
    }

    /// Finds what a test says, where the catalogue's filters leave it.
    private struct Scripted: TextNearness {
        let catalogue: Catalogue
        var likest: [Int64]

        func nearest(
            to text: String, _ query: SearchQuery, limit: Int, isCut: Bool
        ) throws -> [VectorHit] {
            try catalogue.fitting(likest, query).prefix(limit).enumerated().map { place, asset in
                VectorHit(asset: asset, second: -1, similarity: 0.9 - Float(place) / 1000)
            }
        }
    }

    private func search(_ likest: [Int64]) -> LibrarySearch {
        LibrarySearch(
            library.catalogue, nearness: Scripted(catalogue: library.catalogue, likest: likest))
    }

    @Test func wordsAndMeaningAreFusedAndSaidWhy() throws {
        let assets = try library.add(["a boat", "a ship", "a boat on a lake", "a dog"])
        let page = try search([assets[1], assets[2]])(SearchQuery("boat"))
        // The first of each side are equals.
        #expect(page.hits.map(\.hit.assetID) == [assets[2], assets[1], assets[0]])
        #expect(
            page.hits.map(\.reasons) == [
                ["caption", "meaning 0.90"], ["meaning 0.90"], ["caption"],
            ])
        #expect(!page.hasMore)
    }

    @Test func eachSideAloneOnRequest() throws {
        let assets = try library.add(["a boat", "a ship"])
        let search = search([assets[1]])
        let words = try search(SearchQuery("boat"), match: .words)
        #expect(words.hits.map(\.hit.assetID) == [assets[0]])
        let meaning = try search(SearchQuery("boat"), match: .meaning)
        #expect(meaning.hits.map(\.hit.assetID) == [assets[1]])
    }

    @Test func exclusionsAndFiltersHoldForBoth() throws {
        let assets = try library.add(["a boat at night", "a ship at night", "a ship"])
        let clip = try library.add(["a ferry"], from: 9, kind: .video)
        let search = search([assets[1], assets[2]] + clip)
        let query = SearchQuery("boat -night")
        #expect(try search(query).hits.map(\.hit.assetID) == [assets[2]] + clip)
        let clips = SearchQuery("boat", filters: [SearchFilter(.kind(.video))])
        #expect(try search(clips).hits.map(\.hit.assetID) == clip)
    }

    @Test func byDateTheNewestOfBothComesFirst() throws {
        let old = try library.add(["a boat"], from: 1, takenAt: "2001-01-01T00:00:00")
        let new = try library.add(["a ship"], from: 2, takenAt: "2020-01-01T00:00:00")
        let undated = try library.add(["a boat"], from: 3)
        let query = SearchQuery("boat", sorting: .date)
        let page = try search(new)(query)
        #expect(page.hits.map(\.hit.assetID) == new + old + undated)
    }

    /// More pictures share the word than are scored: those go on behind what was fused.
    @Test func pagesHaveEverythingOnce() throws {
        let assets = try library.add((0..<300).map { $0 % 3 == 0 ? "a ship" : "a boat" })
        let others = try library.add((0..<900).map { _ in "a boat" }, from: 301)
        let boats = assets.enumerated().filter { $0.offset % 3 != 0 }.map(\.element) + others
        let likest = Array(assets.prefix(40).reversed())
        let search = search(likest)
        let whole = try search(SearchQuery("boat", limit: .max)).hits.map(\.hit.assetID)
        #expect(Set(whole) == Set(boats).union(likest))
        #expect(Set(whole).count == whole.count, "nothing twice")
        for size in [7, 400, 2000] {
            var query = SearchQuery("boat", limit: size)
            var found: [Int64] = []
            while found.count <= whole.count {
                let page = try search(query)
                found += page.hits.map(\.hit.assetID)
                guard page.hasMore, let last = page.hits.last else { break }
                query.after = last.hit.cursor
            }
            #expect(found == whole, "pages of \(size)")
        }
        let middle = SearchQuery("boat", limit: 30, offset: 1020)
        #expect(try search(middle).hits.map(\.hit.assetID) == Array(whole[1020..<1050]))
    }

    /// The catalogue's order goes on behind the thousandth, with what meaning found among it.
    @Test func byDateAllThatSharesAFrequentWordIsMergedWithMeaning() throws {
        let boats = try library.add(
            (0..<1010).map { _ in "a boat" }, takenAt: "2010-01-01T00:00:00")
        let new = try library.add(["a ship"], from: 2001, takenAt: "2020-01-01T00:00:00")
        let old = try library.add(["a ferry"], from: 2002, takenAt: "2000-01-01T00:00:00")
        let search = search([old[0], boats[5], new[0]])
        let whole = new + boats.reversed() + old
        for size in [300, 1011, .max] {
            var query = SearchQuery("boat", sorting: .date, limit: size)
            var found: [FoundHit] = []
            while true {
                let page = try search(query)
                found += page.hits
                guard page.hasMore, let last = page.hits.last, found.count <= whole.count else {
                    break
                }
                query.after = last.hit.cursor
            }
            #expect(found.map(\.hit.assetID) == whole, "pages of \(size)")
            #expect(found.first?.reasons == ["meaning 0.90"])
            #expect(found.last?.reasons == ["meaning 0.90"])
            let both = found.first { $0.hit.assetID == boats[5] }
            #expect(both?.reasons == ["caption", "meaning 0.90"])
        }
        let later = SearchQuery("boat", sorting: .date, limit: 5, offset: 1008)
        #expect(try search(later).hits.map(\.hit.assetID) == Array(whole[1008...]))
    }
}
