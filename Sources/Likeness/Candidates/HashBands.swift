/// Hashes that are found again by a hash that differs in few bits, without looking at all.
///
/// A hash is cut into four bands of 16 bits. Two hashes that differ in at most seven bits have a band that differs in
/// at most one (the pigeonhole principle; Norouzi, Punjani and Fleet, multi-index hashing, CVPR 2012): looking up
/// each band and its 16 neighbours finds all of them. Memory: 24 bytes a hash. A search looks at
/// `68 × n / 65,536` of `n` evenly spread hashes.
public struct HashBands: Sendable {
    /// In how many bits hashes may differ to be found for certain.
    public static let reach = 7

    private static let bands = 4
    private static let width = 16

    private let hashes: [PerceptualHash]
    /// For each band the positions of all hashes, ordered by it.
    private let orders: [[UInt32]]
    /// For each band where those of a value begin in the order; one more than values.
    private let starts: [[UInt32]]

    /// Sorts hashes into their bands, in time linear in their number.
    ///
    /// - Precondition: fewer than 2³² hashes.
    public init(_ hashes: [PerceptualHash]) {
        precondition(hashes.count < Int(UInt32.max))
        self.hashes = hashes
        let sorted = (0..<Self.bands).map { Self.sorted(hashes, by: $0) }
        orders = sorted.map(\.order)
        starts = sorted.map(\.starts)
    }

    private static func value(_ hash: PerceptualHash, _ band: Int) -> Int {
        Int(truncatingIfNeeded: hash.bits >> UInt64(band * width)) & 0xFFFF
    }

    private static func sorted(
        _ hashes: [PerceptualHash], by band: Int
    ) -> (order: [UInt32], starts: [UInt32]) {
        var starts = [UInt32](repeating: 0, count: (1 << width) + 1)
        for hash in hashes { starts[value(hash, band) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var next = starts
        var order = [UInt32](repeating: 0, count: hashes.count)
        for (position, hash) in hashes.enumerated() {
            let value = value(hash, band)
            order[Int(next[value])] = UInt32(position)
            next[value] += 1
        }
        return (order, starts)
    }

    /// The hashes nearest to any of some, at most so many.
    ///
    /// - Parameters:
    ///   - queries: for example all of `PerceptualHash.ofParts`.
    ///   - limit: how many to return; the nearest, of equally near ones the first.
    /// - Returns: positions in what the bands were made of, and in how many bits they differ: at most `reach`; nearest
    ///   first.
    public func nearest(
        to queries: [PerceptualHash], limit: Int
    ) -> [(position: Int, distance: Int)] {
        var found: [UInt32: Int] = [:]
        for query in Set(queries) {
            for band in 0..<Self.bands {
                let value = Self.value(query, band)
                look(band, value, query, &found)
                for bit in 0..<Self.width { look(band, value ^ (1 << bit), query, &found) }
            }
        }
        let sorted = found.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        return sorted.prefix(limit).map { (Int($0.key), $0.value) }
    }

    private func look(
        _ band: Int, _ value: Int, _ query: PerceptualHash, _ found: inout [UInt32: Int]
    ) {
        let range = Int(starts[band][value])..<Int(starts[band][value + 1])
        for place in range {
            let position = orders[band][place]
            let distance = query.distance(to: hashes[Int(position)])
            if distance <= Self.reach && distance < found[position] ?? .max {
                found[position] = distance
            }
        }
    }
}
