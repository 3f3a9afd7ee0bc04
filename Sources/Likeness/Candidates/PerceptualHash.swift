import Foundation

/// 64 bits of a picture: whether its lowest frequencies are positive (the discrete cosine transform, type II).
///
/// Copies of a picture differ in few of them, and brightness changes none. Cropping changes more: for
/// that a picture also has the hashes of its parts, one of which is nearly that of its cropped copy.
public struct PerceptualHash: Hashable, Sendable {
    /// The signs, lowest frequencies first.
    public let bits: UInt64

    /// The hash with these bits.
    public init(bits: UInt64) {
        self.bits = bits
    }

    /// The hash of the whole picture; `nil` for one that shows too little for its frequencies to have signs.
    public init?(_ signature: PictureSignature) {
        guard let frequencies = Frequencies(signature) else { return nil }
        self = frequencies.hash(across: 0, down: 0)
    }

    /// In how many bits two differ.
    public func distance(to other: PerceptualHash) -> Int {
        (bits ^ other.bits).nonzeroBitCount
    }

    /// The hashes of the whole picture and of its parts; none where the picture has no hash.
    ///
    /// Parts are 95 and 90 % of the width, of the height, or of both, from either edge or the middle: 49 hashes.
    public static func ofParts(_ signature: PictureSignature) -> [PerceptualHash] {
        guard let frequencies = Frequencies(signature) else { return [] }
        let parts = Frequencies.parts.indices
        return parts.flatMap { across in
            parts.map { down in frequencies.hash(across: across, down: down) }
        }
    }
}

/// The frequencies of a picture's light along its width, for each part of the width.
private struct Frequencies {
    /// Where a part begins and how long it is; the whole first.
    static let parts: [(start: Double, length: Double)] = [
        (0, 1), (0, 0.95), (0.025, 0.95), (0.05, 0.95), (0, 0.9), (0.05, 0.9), (0.1, 0.9),
    ]
    private static let edge = PictureSignature.lightEdge
    private static let count = 10
    /// [parts][count, edge]: cosines over a part, 0 outside.
    private static let cosines = parts.map { part in
        (0..<count).flatMap { frequency in
            (0..<edge).map { cell in
                cosine(frequency, ((Double(cell) + 0.5) / Double(edge) - part.start) / part.length)
            }
        }
    }

    private static func cosine(_ frequency: Int, _ place: Double) -> Float {
        // Cells at a part's border count for how much of them lies within.
        let within = min(max(min(place, 1 - place) * Double(edge) + 0.5, 0), 1)
        return Float(within * cos(Double.pi * Double(frequency) * place))
    }

    /// Pairs of frequencies, from the lowest, without the mean.
    private static let pairs: [(across: Int, down: Int)] = {
        let all = (0..<count).flatMap { across in (0..<count).map { (across, $0) } }
        let sorted = all.dropFirst().sorted { ($0.0 + $0.1, $0.0) < ($1.0 + $1.1, $1.0) }
        return Array(sorted.prefix(64))
    }()

    /// [parts][edge, count]: frequencies along the width of every row.
    private let rows: [[Float]]

    init?(_ signature: PictureSignature) {
        let span = Float(signature.brightest) - Float(signature.darkest)
        let mean = signature.light.reduce(0) { $0 + Float($1) } / Float(signature.light.count)
        let light = signature.light.map { (Float($0) - mean) * span / 255 }
        let power = light.reduce(0) { $0 + $1 * $1 } / Float(light.count)
        guard power > 4 else { return nil }
        rows = Self.cosines.map { Self.products(light, $0) }
    }

    /// [rows of light, count]: each row's products with the cosines.
    private static func products(_ light: [Float], _ cosines: [Float]) -> [Float] {
        var result = [Float](repeating: 0, count: edge * count)
        for row in 0..<edge {
            for frequency in 0..<count {
                var sum: Float = 0
                for cell in 0..<edge {
                    sum += light[row * edge + cell] * cosines[frequency * edge + cell]
                }
                result[row * count + frequency] = sum
            }
        }
        return result
    }

    func hash(across: Int, down: Int) -> PerceptualHash {
        let cosines = Self.cosines[down]
        let rows = rows[across]
        var bits: UInt64 = 0
        for (index, pair) in Self.pairs.enumerated() {
            var sum: Float = 0
            for row in 0..<Self.edge {
                sum += rows[row * Self.count + pair.across] * cosines[pair.down * Self.edge + row]
            }
            if sum > 0 { bits |= 1 << UInt64(index) }
        }
        return PerceptualHash(bits: bits)
    }
}
