import Likeness
import TestSupport
import Testing

struct DuplicateSearchTests {
    /// Signatures by asset, and what is known of them.
    private struct Library {
        var signatures: [Int64: PictureSignature] = [:]
        var stills: [ComparedStill] = []

        mutating func add(
            _ signature: PictureSignature?, time: Double? = nil, camera: String? = "one",
            pixels: Int = 100
        ) {
            let id = Int64(stills.count + 1)
            signatures[id] = signature
            stills.append(
                ComparedStill(
                    id: id, captureTime: time, camera: camera, pixelCount: pixels, byteCount: 10))
        }

        var sources: DuplicateSources {
            let signatures = signatures
            return DuplicateSources(signature: { signatures[$0] })
        }

        func groups() throws -> [DuplicateGroup] {
            try DuplicateSearch(stills, sources: sources).groups()
        }
    }

    private static func signature(_ seed: UInt64) -> PictureSignature {
        PictureSignature(DrawnScene(seed).image(160, 120))
    }

    private static func copy(_ seed: UInt64) -> PictureSignature {
        PictureSignature(
            DrawnScene(seed).image(140, 105, left: 0.02, across: 0.95, down: 0.95))
    }

    private static func next(_ seed: UInt64, by distance: Double = 0.04) -> PictureSignature {
        PictureSignature(DrawnScene(seed).moved(23, by: distance).image(160, 120))
    }

    private func ids(_ group: DuplicateGroup) -> [Int64] { group.members.map(\.id) }

    @Test func copiesAreOneGroupWithTheLargestFirst() throws {
        var library = Library()
        library.add(Self.signature(1), pixels: 100)
        library.add(Self.signature(2))
        library.add(Self.copy(1), pixels: 200)
        let groups = try library.groups()
        #expect(groups.map(\.kind) == [.same])
        #expect(groups.map(ids) == [[3, 1]])
        #expect(groups[0].members[0].score == 1)
        #expect(groups[0].members[1].score >= PictureComparison.sameLikeness)
    }

    @Test func picturesSecondsApartAreABurst() throws {
        var library = Library()
        library.add(Self.signature(1), time: 100)
        library.add(Self.next(1), time: 102)
        library.add(Self.signature(2), time: 103)
        let groups = try library.groups()
        #expect(groups.map(\.kind) == [.burst])
        #expect(groups.map(ids) == [[1, 2]])
        #expect(groups[0].members[1].seconds == 2)
    }

    @Test func minutesApartIsNoBurst() throws {
        var library = Library()
        library.add(Self.signature(1), time: 100)
        library.add(Self.next(1), time: 400)
        #expect(try library.groups().isEmpty)
    }

    @Test func withoutATimeIsNoBurst() throws {
        var library = Library()
        library.add(Self.signature(1), time: 100)
        library.add(Self.next(1))
        #expect(try library.groups().isEmpty)
    }

    @Test func twoCamerasMakeNoBurst() throws {
        var library = Library()
        library.add(Self.signature(1), time: 100, camera: "one")
        library.add(Self.next(1), time: 101, camera: "two")
        #expect(try library.groups().isEmpty)
    }

    @Test func oneCameraASecondApartTookTwoPicturesHoweverAlike() throws {
        var library = Library()
        library.add(Self.signature(1), time: 100)
        library.add(Self.signature(1), time: 102)
        #expect(try library.groups().map(\.kind) == [.burst])
    }

    @Test func aCopyOfAPictureIsNotInItsBurst() throws {
        var library = Library()
        library.add(Self.signature(1), time: 100, pixels: 200)
        library.add(Self.copy(1), time: 100)
        library.add(Self.next(1), time: 101)
        let groups = try library.groups()
        #expect(groups.map(\.kind) == [.same, .burst])
        #expect(groups.map(ids) == [[1, 2], [1, 3]])
    }

    @Test func aLongBurstIsCutWhereItsSpanEnds() throws {
        var library = Library()
        for second in 0..<30 { library.add(nil, time: Double(second)) }
        var sources = library.sources
        sources.cosine = { _, _ in 0.95 }
        let groups = try DuplicateSearch(library.stills, sources: sources).groups()
        #expect(!groups.isEmpty)
        for group in groups {
            let members = group.members.map(\.id).sorted()
            #expect(members[members.count - 1] - members[0] <= 20)
        }
        #expect(groups.flatMap(ids).sorted() == Array(1...30))
    }

    @Test func candidatesComeFromEmbeddingsWhereThereAreSome() throws {
        var library = Library()
        library.add(Self.signature(1))
        library.add(Self.copy(1))
        var sources = library.sources
        sources.hasEmbedding = { _ in true }
        #expect(try DuplicateSearch(library.stills, sources: sources).groups().isEmpty)
        sources.neighbours = { $0 == 1 ? [1, 2, 99] : [] }
        #expect(try DuplicateSearch(library.stills, sources: sources).groups().count == 1)
    }

    @Test func oneWithoutEmbeddingIsFoundByItsHash() throws {
        var library = Library()
        library.add(Self.signature(1))
        library.add(Self.copy(1))
        var sources = library.sources
        sources.hasEmbedding = { $0 == 1 }
        #expect(try DuplicateSearch(library.stills, sources: sources).groups().count == 1)
    }

    @Test func embeddingsFarApartAreNotTheSame() throws {
        var library = Library()
        library.add(Self.signature(1))
        library.add(Self.copy(1))
        var sources = library.sources
        sources.cosine = { _, _ in 0.4 }
        #expect(try DuplicateSearch(library.stills, sources: sources).groups().isEmpty)
    }

    @Test func noOrderChangesTheGroups() throws {
        var library = Library()
        for seed in [1, 2, 3] as [UInt64] {
            library.add(Self.signature(seed), time: Double(seed) * 1000, pixels: 300)
            library.add(Self.copy(seed), camera: nil, pixels: 200)
            library.add(Self.next(seed), time: Double(seed) * 1000 + 1)
        }
        let groups = try library.groups()
        #expect(groups.count == 6)
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<2 {
            library.stills.shuffle(using: &generator)
            #expect(try library.groups() == groups)
        }
    }

    @Test func whatASourceThrowsIsThrown() {
        struct Broken: Error {}
        let still = ComparedStill(id: 1, pixelCount: 1, byteCount: 1)
        let search = DuplicateSearch(
            [still], sources: DuplicateSources(signature: { _ in throw Broken() }))
        #expect(throws: Broken.self) { try search.groups() }
    }
}
