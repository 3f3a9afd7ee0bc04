import VectorIndex

/// Vectors that follow from their sequence numbers alone, some of them in clusters; from 1 on.
struct SampleVectors: VectorSource {
    var dimension: Int
    var count: Int
    /// Sequence numbers that are left out, as of assets that are gone.
    var gone: Set<Int64> = []
    /// How many vectors an asset has.
    var rowsPerAsset: Int64 = 1

    func extent() -> (count: Int, lastSequence: Int64?) {
        let last = (1...max(Int64(count), 1)).reversed().first { $0 <= count && !gone.contains($0) }
        return (count - gone.count, last)
    }

    func vectors(after sequence: Int64?, limit: Int) -> [IndexedVector] {
        let first = (sequence ?? 0) + 1
        guard first <= count else { return [] }
        return Array(
            (first...Int64(count)).lazy.filter { !gone.contains($0) }.map(vector).prefix(limit))
    }

    func vector(_ sequence: Int64) -> IndexedVector {
        var noise = Noise(state: UInt64(sequence))
        var cluster = Noise(state: UInt64(sequence % 17) &* 0x1234_5677)
        let isClustered = sequence % 3 != 0
        let numbers = (0..<dimension).map { _ in
            noise.next() + (isClustered ? 2 * cluster.next() : 0)
        }
        let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let largest = numbers.reduce(0) { max($0, abs($1)) }
        let asset = (sequence - 1) / rowsPerAsset
        return IndexedVector(
            sequence: sequence, asset: asset,
            second: rowsPerAsset == 1
                ? IndexedVector.wholeAsset : Int32((sequence - 1) % rowsPerAsset),
            values: numbers.map { Int8(($0 / largest * 127).rounded()) },
            scale: largest / 127 / length)
    }

    /// Numbers from −2 to 2, near nought the likeliest.
    private struct Noise {
        var state: UInt64

        mutating func next() -> Float {
            // SplitMix64; two halves are added, which makes the middle likelier.
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            mixed ^= mixed >> 31
            let halves = [
                UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32),
            ]
            return halves.reduce(-2) { $0 + Float($1) / Float(UInt32.max) * 2 }
        }
    }
}
