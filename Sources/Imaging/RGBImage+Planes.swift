import CKernels

/// How 8-bit channels become the numbers that a model sees: `(pixel × scale − mean) / deviation`.
public struct PixelNormalization: Equatable, Sendable {
    /// What a pixel is multiplied with, usually 1/255.
    public let scale: Float
    /// Red, green, blue.
    public let mean: [Float]
    /// Red, green, blue.
    public let deviation: [Float]

    /// Collects the constants.
    ///
    /// - Precondition: three of each.
    public init(scale: Float, mean: [Float], deviation: [Float]) {
        precondition(mean.count == 3 && deviation.count == 3, "one number a channel")
        self.scale = scale
        self.mean = mean
        self.deviation = deviation
    }
}

extension RGBImage {
    /// The channels one after the other, normalised: [3, height, width].
    public func planes(_ normalization: PixelNormalization) -> [Float] {
        let count = width * height
        return [Float](unsafeUninitializedCapacity: count * 3) {
            vk_normalise_rgb(
                pixels, $0.baseAddress, count, normalization.scale, normalization.mean,
                normalization.deviation)
            $1 = count * 3
        }
    }
}
