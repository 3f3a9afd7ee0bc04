import ModelLoading
import Tensor
import Testing

@testable import LLaVAMini

@Suite struct SyntheticWeightsTests {
    private let needs = [
        TensorShape("model.layers.0.mlp.up_proj.weight", 40, 64),
        TensorShape("model.mm_projector.0.weight", 33, 64),
        TensorShape("model.mm_projector.0.bias", 33),
        TensorShape("model.embed_tokens.weight", 50, 64),
        TensorShape("model.norm.weight", 64),
        TensorShape("lm_head.weight", 50, 64),
        TensorShape("model.compressor.attn.in_proj_weight", 96, 32),
    ]

    @Test func everythingIsThereInItsShapeAtFullPrecision() throws {
        let made = try SyntheticWeights(needs, bits: .single)
        for need in needs {
            #expect(made.tensors[need.name]?.shape == need.shape, "\(need.name)")
            #expect(made.tensors[need.name]?.elementType == .float32)
        }
    }

    @Test(arguments: [
        (SyntheticBits.four, PackedFormat.q4, PackedFormat.q8), (.eight, .q8, .q16),
    ])
    func onlyLinearLayersArePacked(
        bits: SyntheticBits, language: PackedFormat, before: PackedFormat
    ) throws {
        let made = try SyntheticWeights(needs, bits: bits)
        #expect(
            made.packed.mapValues(\.format) == [
                "model.layers.0.mlp.up_proj.weight": language, "lm_head.weight": language,
                "model.mm_projector.0.weight": before,
            ])
        #expect(
            Set(made.tensors.keys) == [
                "model.mm_projector.0.bias", "model.embed_tokens.weight", "model.norm.weight",
                "model.compressor.attn.in_proj_weight",
            ])
        #expect(made.tensors.values.allSatisfy { $0.elementType == .bfloat16 })
        for matrix in made.packed.values {
            #expect(matrix.bytes.range.lowerBound.isMultiple(of: 64))
        }
    }

    @Test(arguments: SyntheticBits.allCases) func bytesAreForeseen(bits: SyntheticBits) throws {
        let made = try SyntheticWeights(needs, bits: bits)
        let ends = (made.tensors.values + made.packed.values.map(\.bytes)).map(\.range.upperBound)
        #expect(ends.max() == SyntheticWeights.byteCount(needs, bits: bits))
    }

    @Test func numbersKeepTheSizeOfWhatTheyMultiply() throws {
        let made = try SyntheticWeights(needs, bits: .single)
        let matrix = try #require(made.tensors["lm_head.weight"]).floats
        let square = matrix.reduce(0) { $0 + $1 * $1 } / Float(matrix.count)
        // Of 3200 normal numbers the mean square has a deviation of 2.5 %.
        #expect(abs(square * 64 - 1) < 0.15)
        #expect(made.tensors["model.norm.weight"]?.floats.allSatisfy { $0 == 1 } == true)
    }

    @Test func numbersAreTheSameOnEveryRun() throws {
        let first = try SyntheticWeights(needs, bits: .eight)
        let second = try SyntheticWeights(needs, bits: .eight)
        for (name, weights) in first.tensors {
            let other = try #require(second.tensors[name])
            #expect(weights.bytes.elementsEqual(other.bytes), "\(name)")
        }
        for (name, matrix) in first.packed {
            let other = try #require(second.packed[name])
            #expect(matrix.bytes.bytes.elementsEqual(other.bytes.bytes), "\(name)")
        }
    }
}
