/// A set of assets that a search is held to: a bit for each number below the largest.
public struct AssetSet: Equatable, Sendable {
    /// The largest number that a set can hold: 512 MiB of bits.
    public static let maximumAsset: Int64 = (1 << 32) - 1

    private(set) var words: [UInt64] = []

    /// An empty set.
    public init() {}

    /// The set of these assets.
    ///
    /// - Throws: `VectorIndexError.invalid` for a number below 0 or above `maximumAsset`.
    public init(_ assets: some Sequence<Int64>) throws(VectorIndexError) {
        for asset in assets { try insert(asset) }
    }

    /// Adds an asset.
    ///
    /// - Throws: `VectorIndexError.invalid` for a number below 0 or above `maximumAsset`.
    public mutating func insert(_ asset: Int64) throws(VectorIndexError) {
        guard (0...Self.maximumAsset).contains(asset) else {
            throw .invalid("a set holds assets from 0 to \(Self.maximumAsset), and not \(asset)")
        }
        let word = Int(asset / 64)
        if word >= words.count {
            words += [UInt64](repeating: 0, count: max(word + 1 - words.count, words.count / 2))
        }
        words[word] |= 1 << UInt64(asset % 64)
    }

    /// Whether it holds an asset.
    public func contains(_ asset: Int64) -> Bool {
        guard asset >= 0, asset < Int64(words.count) * 64 else { return false }
        return words[Int(asset / 64)] >> UInt64(asset % 64) & 1 == 1
    }
}
