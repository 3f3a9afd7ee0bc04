import Checkpoint
import Foundation
import ModelLoading
import SystemPackage
import Tensor
import TestSupport
import Testing

@testable import Concepts

/// The concept head against the formula of its documentation, written down plainly.
@Suite struct ConceptHeadTests {
    private static let (width, classified) = (20, 10)
    private let head: ConceptHead
    private let list: ConceptList
    private let tensors: [String: RandomTensors.Tensor]

    init() throws {
        let folder = try TemporaryDirectory()
        let made = try ConceptFiles.add(
            to: folder.path, width: Self.width, classified: Self.classified)
        tensors = Dictionary(uniqueKeysWithValues: made.map { ($0.name, $0) })
        list = try ConceptListTests.read(ConceptFiles.list)
        let weights = try WeightInventory([
            (
                try CheckpointFolder(folder.path),
                ConceptHead.tensors(list, width: Self.width, classified: Self.classified)
            )
        ])
        head = try ConceptHead(list, from: weights)
    }

    @Test func saysWhatTheFormulaSays() throws {
        var generator = SeededGenerator(seed: 11)
        let pictures = (0..<5).map { _ in
            (0..<Self.width).map { _ in Float.random(in: -3...3, using: &generator) }
        }
        let found = head(
            Matrix(
                rows: pictures.count, columns: Self.width, values: Array(pictures.joined())))
        for (picture, found) in zip(pictures, found) {
            let expected = try plainly(picture.map(Double.init))
            for (one, other) in zip(found.values, expected) {
                #expect(abs(Double(one) - other) < 1e-5)
            }
        }
    }

    @Test func theClassifierIsBelievedWhereItIsSure() throws {
        // Features along the difference of two classes' weights make it choose the first one.
        let weight = try #require(tensors["model.concept_head.classifier.weight"]).values
        let count = Self.classified
        let features = (0..<Self.width).map { place in
            place < count ? 30 * (weight[3 * count + place] - weight[4 * count + place]) : 0
        }
        let found = head(Matrix(rows: 1, columns: Self.width, values: features))[0].values
        let expected = try plainly(features.map(Double.init))
        let bird = try #require(list.concepts.firstIndex { $0.word == "bird" })
        #expect(expected[bird] > 0.6)
        #expect(abs(Double(found[bird]) - expected[bird]) < 1e-5)
    }

    private func plainly(_ x: [Double]) throws -> [Double] {
        let powers = try linear("classifier", Array(x.prefix(Self.classified))).map(exp)
        let sum = powers.reduce(0, +)
        let shown = list.concepts.map { $0.classes.reduce(0) { $0 + powers[$1] / sum } }
        let heard = shown.map { value in
            let kept = min(max(value, 1e-3), 1 - 1e-3)
            return log(kept / (1 - kept)) + log(999)
        }
        let hidden = try linear("hidden", x + heard).map { (value: Double) -> Double in
            0.5 * value * (1 + erf(value / 2.0.squareRoot()))
        }
        let bent = try linear("bent", hidden)
        let trust = try numbers("trust")
        return try linear("straight", x).enumerated().map { concept, straight in
            let logit = straight + trust[concept] * heard[concept] + bent[concept]
            let own = 1 / (1 + exp(-logit))
            let believed = list.concepts[concept].isBelieved && shown[concept] >= 0.6
            return believed ? max(own, shown[concept]) : own
        }
    }

    private func numbers(_ name: String) throws -> [Double] {
        try #require(tensors["model.concept_head.\(name)"]).values.map(Double.init)
    }

    private func linear(_ name: String, _ x: [Double]) throws -> [Double] {
        let weight = try numbers("\(name).weight")
        let bias = tensors["model.concept_head.\(name).bias"]?.values.map(Double.init)
        return (0..<weight.count / x.count).map { (row: Int) -> Double in
            var sum = bias?[row] ?? 0
            for place in x.indices { sum += x[place] * weight[row * x.count + place] }
            return sum
        }
    }
}
