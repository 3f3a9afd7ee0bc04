import CLIP

/// What a picture, or a second of a clip, is found by: a direction, near those of pictures and texts that
/// mean the same.
public struct PictureEmbedding: Equatable, Sendable {
    /// The second of the clip; `nil` for a picture.
    public var second: Double?
    /// Its numbers, in units of `scale`.
    public var values: [Int8]
    /// What a value's one stands for.
    public var scale: Float
    /// What rounding to `values` left, in 256ths of `scale`: with it a number is off by at most two thousandths of what
    /// a value's one stands for.
    public var fine: [Int8]

    /// Rounds a vector to 8 bits, the largest of its numbers to ±127, and keeps 8 bits of what that left.
    ///
    /// An hour's clip takes 4 MB, which waits in memory for its description.
    ///
    /// - Parameters:
    ///   - second: The second of the clip; `nil` for a picture.
    ///   - numbers: The vector; `nil` is returned where it has none but zeros, or what is no number.
    public init?(second: Double?, rounding numbers: [Float]) {
        guard numbers.allSatisfy(\.isFinite), let largest = numbers.map(abs).max(), largest > 0
        else { return nil }
        self.second = second
        scale = largest / 127
        // A scale so small that it is no number is a vector of zeros.
        guard scale > 0 else { return nil }
        values = numbers.map { number in
            Int8(min(max((number / largest * 127).rounded(), -127), 127))
        }
        fine = zip(numbers, values).map { number, value in
            let rest = number / largest * 127 - Float(value)
            return Int8(min(max((rest * 256).rounded(), -128), 127))
        }
    }

    /// Takes what a model made of a picture; `nil` where it made nothing.
    init?(_ embedding: Embedding?, second: Double?) {
        guard let embedding else { return nil }
        self.init(second: second, rounding: embedding.values)
    }
}
