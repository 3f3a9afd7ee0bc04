import Checkpoint
import Foundation
import Imaging
import SystemPackage
import Tensor
import Testing

@testable import LLaVAMini

/// What every token attends to in every oracle folder, against numpy and PyTorch.
///
/// `VIGNETTE_ATTENTION_ORACLES` lists, between colons, folders that Training/oracle/make_attention.py wrote; where it
/// does not, there is nothing to compare with. `.ci/run` makes them with numpy.
@Suite struct AttentionOracleTests {
    private static let tolerance: Float = 1e-4

    /// A case and the file of what it attends to.
    struct Example: Sendable, CustomTestStringConvertible {
        let oracle: OracleCase
        let file: FilePath

        var testDescription: String { "\(file.removingLastComponent()) \(oracle.testDescription)" }
    }

    static let examples: [Example] = {
        let listed = ProcessInfo.processInfo.environment["VIGNETTE_ATTENTION_ORACLES"] ?? ""
        return listed.split(separator: ":").flatMap { folder in
            OracleFolder.cases.compactMap { oracle in
                let name = (oracle.folder.path.lastComponent?.string ?? "") + ".safetensors"
                let file = FilePath(String(folder)).appending(name)
                guard (try? oracle.mode()) != .video,
                    FileManager.default.fileExists(atPath: file.string)
                else { return nil }
                return Example(oracle: oracle, file: file)
            }
        }
    }()

    @Test(arguments: examples)
    func attentionMatches(_ example: Example) throws {
        let values = try SafetensorsFile(example.file).weights
        let name = example.oracle.golden.name
        // PyTorch's side knows standard resolution alone.
        guard let compressor = values["\(name).compressor"] else { return }
        expect(try example.oracle.stages().attention, near: compressor.floats, "compressor")
        for layer in try layers(of: example.oracle) {
            let expected = try #require(values["\(name).\(layer.name)"])
            let edge = expected.shape[1]
            let all = Matrix(
                rows: expected.shape[0] * edge, columns: edge, values: expected.floats)
            let reference = all.rows(layer.number * edge..<(layer.number + 1) * edge)
            try compare(layer, to: reference, layer.name)
        }
    }

    /// A layer's attention, averaged over the heads, of the tokens that somebody attends to.
    private struct Layer {
        var name: String
        var number: Int
        var weights: Matrix
        var kinds: [TokenKind?]
    }

    /// Every layer of every stage, as `analyse` goes through them.
    private func layers(of oracle: OracleCase) throws -> [Layer] {
        let model = try oracle.folder.model()
        let blocks =
            switch try oracle.mode() {
            case .still(let blocks): blocks
            case .video: 1
            }
        let picture = try #require(try oracle.pictures().first)
        let entering = try model.network.entering(picture, blocks: blocks) { false }
        let prompt = try FusedPrompt(ids: oracle.golden.input_ids, network: model.network)
        let answer = oracle.golden.greedy_ids
        var (layers, name): ([Layer], String) = ([], "pre-fusion")
        try withoutActuallyEscaping({ false }) { never in
            var inside = InsideView(
                network: model.network, keepsMaps: false, shouldStop: never)
            inside.onAttention = { _, weights, kinds in
                let number = layers.count { $0.name == name }
                layers.append(Layer(name: name, number: number, weights: weights, kinds: kinds))
            }
            let fused = try inside.fuse(entering, with: prompt)
            name = "mini"
            _ = try inside.mini(fused, answer: answer, words: answer.count)
            name = "llava"
            _ = try inside.llava(entering, prompt: prompt, answer: answer, words: answer.count)
        }
        return layers
    }

    /// Weights one by one, and what is summed of them.
    private func compare(_ layer: Layer, to reference: Matrix, _ name: String) throws {
        let kinds = layer.kinds
        // The reference leaves out the image's place in the text, which nobody attends to.
        let place = reference.rows < kinds.count ? kinds.firstIndex { $0 == nil } : nil
        try #require(reference.rows == kinds.count - (place == nil ? 0 : 1))
        var worst: Float = 0
        var placed = Matrix(rows: 0, columns: kinds.count)
        for row in kinds.indices {
            let there = row - (place.map { $0 < row ? 1 : 0 } ?? 0)
            let values = kinds.indices.map { column -> Float in
                guard column != place, row != place else { return 0 }
                let weight = reference[there, column - (place.map { $0 < column ? 1 : 0 } ?? 0)]
                if kinds[row] != nil, kinds[column] != nil {
                    worst = max(worst, abs(weight - layer.weights[row, column]))
                }
                return weight
            }
            placed.append(Matrix(rows: 1, columns: kinds.count, values: values))
        }
        #expect(worst <= Self.tolerance, "\(name) \(layer.number): \(worst)")
        let flows = AttentionFlow.flows(layer.weights, kinds: kinds)
        let expected = AttentionFlow.flows(placed, kinds: kinds)
        try #require(flows.map { [$0.from, $0.to] } == expected.map { [$0.from, $0.to] })
        for (flow, slow) in zip(flows, expected) {
            #expect(abs(flow.weight - slow.weight) <= Double(Self.tolerance), "\(name)")
            #expect(abs(flow.entropy - slow.entropy) <= Double(Self.tolerance), "\(name)")
        }
    }

    private func expect(_ actual: [Float], near expected: [Float], _ what: String) {
        #expect(actual.count == expected.count, "\(what)")
        let worst = zip(actual, expected).lazy.map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= Self.tolerance, "\(what): \(worst)")
    }
}
