import Foundation
import Tensor

/// Rotary position embedding with Llama 3.1's stretching of long wavelengths.
struct RotaryEmbedding: Sendable {
    /// Radians a position, one for each pair of a head.
    let frequencies: [Float]

    init(_ c: LanguageConfiguration) {
        frequencies = (0..<c.headWidth / 2).map { pair in
            let plain = pow(c.ropeTheta, -2 * Double(pair) / Double(c.headWidth))
            return Float(c.ropeScaling?.stretched(plain) ?? plain)
        }
    }

    /// The angles of rows at these positions.
    func rotation(_ positions: [Int]) -> Rotation {
        Rotation(positions: positions.map { Int32(clamping: $0) }, frequencies: frequencies)
    }
}

extension RopeScaling {
    /// A frequency after stretching, smoothly between the two wavelengths where it changes.
    fileprivate func stretched(_ frequency: Double) -> Double {
        let turns = originalPositions * frequency / (2 * Double.pi)
        if turns < lowFrequencyFactor { return frequency / factor }
        if turns > highFrequencyFactor { return frequency }
        let share = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
        return (1 - share) * frequency / factor + share * frequency
    }
}
