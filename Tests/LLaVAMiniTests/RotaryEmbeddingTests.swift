import Foundation
import Testing

@testable import LLaVAMini

@Suite struct RotaryEmbeddingTests {
    @Test func longWavelengthsAreStretchedAndShortOnesAreNot() throws {
        let c = try ModelConfiguration(folder: CheckpointCopy.original).language
        let frequencies = RotaryEmbedding(c).frequencies
        #expect(frequencies.count == 8)
        for (pair, frequency) in frequencies.enumerated() {
            let plain = pow(500_000, -Double(pair) / 8)
            let wavelength = 2 * Double.pi / plain
            let passage = plain / Double(frequency)
            switch wavelength {
            case ..<2048: #expect(abs(passage - 1) < 1e-6)
            case 8192...: #expect(abs(passage - 8) < 1e-5)
            default: #expect(passage > 1 && passage < 8)
            }
        }
    }

    @Test func withoutScalingFrequenciesFallByAConstantFactor() throws {
        let copy = try CheckpointCopy()
        try copy.set(["rope_scaling": nil, "rope_theta": 10_000])
        let c = try ModelConfiguration(folder: copy.folder).language
        let frequencies = RotaryEmbedding(c).frequencies.map(Double.init)
        #expect(frequencies[0] == 1)
        for (one, next) in zip(frequencies, frequencies.dropFirst()) {
            #expect(abs(next / one - pow(10_000, -1.0 / 8)) < 1e-6)
        }
    }
}
