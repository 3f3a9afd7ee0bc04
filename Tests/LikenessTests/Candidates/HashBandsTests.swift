import Likeness
import TestSupport
import Testing

struct HashBandsTests {
    @Test func findsWhatAllPairsWouldFind() {
        var generator = SeededGenerator(seed: 3)
        var hashes = (0..<300).map { _ in PerceptualHash(bits: generator.next()) }
        // Neighbours of each, some within reach and some beyond.
        for hash in hashes {
            var bits = hash.bits
            for _ in 0..<Int.random(in: 0...11, using: &generator) {
                bits ^= 1 << UInt64.random(in: 0..<64, using: &generator)
            }
            hashes.append(PerceptualHash(bits: bits))
        }
        let bands = HashBands(hashes)
        for query in hashes {
            let found = bands.nearest(to: [query], limit: 1000)
            let expected = hashes.indices.filter { index in
                let differing = query.bits ^ hashes[index].bits
                let hasCommonBand = (0..<4).contains { (differing >> (16 * $0)) & 0xFFFF == 0 }
                let distance = query.distance(to: hashes[index])
                return distance <= HashBands.certainReach
                    || hasCommonBand && distance <= HashBands.reach
            }
            #expect(found.map(\.position).sorted() == expected)
            #expect(found.allSatisfy { query.distance(to: hashes[$0.position]) == $0.distance })
        }
    }

    @Test func returnsTheNearest() {
        let hashes = [0b111, 0b1, 0b0, 0b11].map { PerceptualHash(bits: $0) }
        let found = HashBands(hashes).nearest(to: [PerceptualHash(bits: 0)], limit: 2)
        #expect(found.map(\.position) == [2, 1])
    }

    @Test func nothingIsFoundInNothing() {
        #expect(HashBands([]).nearest(to: [PerceptualHash(bits: 1)], limit: 9).isEmpty)
    }

    @Test func aCroppedCopyIsNearAPart() throws {
        for seed in [1, 2, 3, 4] as [UInt64] {
            let scene = DrawnScene(seed)
            let whole = PictureSignature(scene.image(160, 120))
            let cropped = PictureSignature(
                scene.image(152, 114, left: 0.02, top: 0.03, across: 0.95, down: 0.95))
            let hash = try #require(PerceptualHash(cropped))
            let nearest = PerceptualHash.ofParts(whole).map { hash.distance(to: $0) }.min()
            #expect(try #require(nearest) <= HashBands.reach)
        }
    }

    @Test func blankPicturesHaveNoHash() throws {
        var bytes = PictureSignature(DrawnScene(1).image(100, 75)).bytes
        bytes[1] = 250
        bytes[2] = 251
        let blank = try #require(PictureSignature(bytes: bytes))
        #expect(PerceptualHash(blank) == nil)
        #expect(PerceptualHash.ofParts(blank).isEmpty)
    }
}
