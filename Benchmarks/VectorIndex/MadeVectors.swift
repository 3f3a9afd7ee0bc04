import Foundation
import Tensor
import VectorIndex

/// Made-up vectors of length 1, each following from its number.
struct MadeVectors {
    enum Kind: String {
        case random, clustered, cone
    }

    private static let clusters = 1000

    let kind: Kind
    let count: Int
    let dimension: Int

    /// Some of them, made by all threads.
    func vectors(_ range: Range<Int>) -> [[Float]] {
        nonisolated(unsafe) let made = UnsafeMutableBufferPointer<[Float]>.allocate(
            capacity: range.count)
        made.initialize(repeating: [])
        defer {
            made.deinitialize()
            made.deallocate()
        }
        ComputePool.shared.parallel(count: range.count) { made[$0] = vector(range.lowerBound + $0) }
        return Array(made)
    }

    func vector(_ number: Int) -> [Float] {
        var numbers = Self.normal(dimension, seed: UInt64(number) &+ 1)
        switch kind {
        case .random: break
        case .clustered:
            let centre = Self.normal(
                dimension, seed: UInt64(number % Self.clusters) &+ 0xC1_0000_0000)
            for i in numbers.indices { numbers[i] = 0.5 * numbers[i] + centre[i] }
        case .cone:
            let centre = Self.normal(dimension, seed: 0xC0_0000_0000)
            let subject = Self.normal(
                dimension, seed: UInt64(number % 20_000) &+ 0xC2_0000_0000)
            for i in numbers.indices {
                numbers[i] = 0.7 * numbers[i] + 0.7 * subject[i] + centre[i]
                if i % 97 == 5 { numbers[i] *= 6 }
            }
        }
        let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return numbers.map { $0 / length }
    }

    /// As the catalogue stores it.
    static func row(_ number: Int, _ vector: [Float]) -> IndexedVector {
        let largest = vector.reduce(0) { max($0, abs($1)) }
        return IndexedVector(
            sequence: Int64(number) + 1, asset: Int64(number), second: IndexedVector.wholeAsset,
            values: vector.map { Int8(($0 / largest * 127).rounded()) }, scale: largest / 127)
    }

    /// What rounding to a row left, in 256ths of its scale, as the catalogue stores it.
    static func fine(_ vector: [Float], _ row: IndexedVector) -> [Int8] {
        zip(vector, row.values).map { number, value in
            Int8(min(max(((number / row.scale - Float(value)) * 256).rounded(), -128), 127))
        }
    }

    /// Numbers of a normal distribution (Box and Muller), from SplitMix64.
    private static func normal(_ count: Int, seed: UInt64) -> [Float] {
        var state = seed &* 0xD134_2543_DE82_EF95
        func next() -> Float {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return (Float((mixed ^ (mixed >> 31)) >> 40) + 0.5) / Float(1 << 24)
        }
        return [Float](unsafeUninitializedCapacity: count) { numbers, initialised in
            for i in stride(from: 0, to: count, by: 2) {
                let (length, angle) = ((-2 * log(next())).squareRoot(), 2 * Float.pi * next())
                numbers.initializeElement(at: i, to: length * cos(angle))
                if i + 1 < count { numbers.initializeElement(at: i + 1, to: length * sin(angle)) }
            }
            initialised = count
        }
    }
}
