import Testing

@testable import MediaCodecs

@Suite struct AssetHashTests {
    /// Bytes that are computed, so that long files need no memory.
    private struct Endless: ByteSource {
        let count: Int
        var changed: Int?

        func bytes(at offset: Int, count: Int) throws(CodecError) -> [UInt8]? {
            guard offset >= 0, offset + count <= self.count else { return nil }
            var bytes = (offset..<offset + count).map { UInt8(truncatingIfNeeded: $0 >> 12) }
            if let changed, (offset..<offset + count).contains(changed) {
                bytes[changed - offset] ^= 1
            }
            return bytes
        }
    }

    private func sample(_ source: Endless, _ ranges: [Range<Int>]? = nil) throws -> [UInt8] {
        var hash = AssetHash(source, "avi", .upright)
        try hash.addSample("file", ranges ?? [0..<source.count])
        return hash.finish()
    }

    @Test func noticesEachByteOfAShortStretch() throws {
        let original = try sample(Endless(count: 1000))
        for place in [0, 1, 500, 999] {
            #expect(try sample(Endless(count: 1000, changed: place)) != original)
        }
    }

    @Test func noticesBeginningEndAndLengthOfALongStretch() throws {
        let count = 40 << 20
        let original = try sample(Endless(count: count))
        #expect(try sample(Endless(count: count)) == original)
        #expect(try sample(Endless(count: count + 1)) != original)
        for place in [0, 65_535, count - 65_536, count - 1] {
            #expect(try sample(Endless(count: count, changed: place)) != original)
        }
    }

    @Test func dependsOnFormatAndOrientationAndTheBordersOfParts() throws {
        let source = Endless(count: 100)
        func hash(_ format: String, _ orientation: Orientation, _ cut: Int) throws -> [UInt8] {
            var hash = AssetHash(source, format, orientation)
            try hash.add("a", 0..<cut)
            try hash.add("a", cut..<100)
            return hash.finish()
        }
        let all = [
            try hash("avi", .upright, 50), try hash("gif", .upright, 50),
            try hash("avi", .left, 50),
            try hash("avi", .upright, 51),
        ]
        #expect(Set(all).count == all.count)
    }
}
