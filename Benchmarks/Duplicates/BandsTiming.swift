import Likeness

/// Times the search among many hashes; evenly spread, so that buckets are as full as they must be.
enum BandsTiming {
    static func measure(_ count: Int) {
        var generator = SystemRandomNumberGenerator()
        let hashes = (0..<count).map { _ in PerceptualHash(bits: generator.next()) }
        var start = ContinuousClock.now
        let bands = HashBands(hashes)
        print(
            "\(count) hashes sorted in \(ContinuousClock.now - start), \(48 * count / 1_000_000) MB"
        )
        let searches = 200
        // As of a picture's parts: no two alike.
        let queries = (0..<searches).map { _ in
            (0..<49).map { _ in PerceptualHash(bits: generator.next()) }
        }
        start = .now
        var found = 0
        for query in queries { found += bands.nearest(to: query, limit: 64).count }
        let each = (ContinuousClock.now - start) / searches
        print("\(each) for a picture's 49 hashes, \(each * count) for all; \(found) found")
        measureHashing()
    }

    private static func measureHashing() {
        let head: [UInt8] = [PictureSignature.version, 0, 255]
        let signatures = (0..<200).compactMap { _ in
            PictureSignature(
                bytes: head
                    + (head.count..<PictureSignature.byteCount).map { _ in .random(in: 0...255) })
        }
        let start = ContinuousClock.now
        let hashes = signatures.flatMap(PerceptualHash.ofParts)
        let each = (ContinuousClock.now - start) / signatures.count
        print("\(each) to compute a picture's hashes, \(hashes.count / signatures.count) of them")
    }
}
