/// Hashes that are found again by a hash that differs in few bits, without looking at all.
///
/// A hash is cut into four bands of 16 bits; looked at are those hashes that have a band in common. Where two differ in at
/// most three bits, one band is the same (the pigeonhole principle; Norouzi, Punjani and Fleet, multi-index
/// hashing, CVPR 2012). Memory: 48 bytes a hash. A search looks at `4 × n / 65,536` of `n` evenly spread
/// hashes.
public struct HashBands: Sendable {
    /// In how many bits hashes may differ to be found for certain.
    public static let certainReach = 3
    /// In how many bits hashes may differ to be found where they have a band in common.
    public static let reach = 7

    private static let bands = 4
    private static let width = 16

    /// For each band all hashes, ordered by it, so that those of a value lie together.
    private let hashes: [[PerceptualHash]]
    /// For each band the positions of these.
    private let orders: [[UInt32]]
    /// For each band where those of a value begin in the order; one more than values.
    private let starts: [[UInt32]]

    /// Sorts hashes into their bands, in time linear in their number.
    ///
    /// - Precondition: fewer than 2³² hashes.
    public init(_ hashes: [PerceptualHash]) {
        precondition(hashes.count < Int(UInt32.max))
        let sorted = (0..<Self.bands).map { Self.sorted(hashes, by: $0) }
        orders = sorted.map(\.order)
        self.hashes = orders.map { order in order.map { hashes[Int($0)] } }
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
                look(band, Self.value(query, band), query, &found)
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
            let distance = query.distance(to: hashes[band][place])
            guard distance <= Self.reach else { continue }
            let position = orders[band][place]
            found[position] = min(distance, found[position] ?? .max)
        }
    }
}
