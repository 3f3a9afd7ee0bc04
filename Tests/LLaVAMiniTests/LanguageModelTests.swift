import ModelLoading
import Tensor
import TestSupport
import Testing

@testable import LLaVAMini

/// Reading in pieces, side by side and behind shared beginnings, against reading in one go.
@Suite struct LanguageModelTests {
    private let model: LanguageModel

    init() throws {
        model = try Network(folder: CheckpointCopy.original).language
    }

    private func readAlone(_ rows: Matrix) throws -> Matrix {
        var contexts = [model.context()]
        return try model.read(rows, [Reading(count: rows.rows)], into: &contexts) { false }
    }

    @Test func aBeginningOfTheSamePassIsReadAsIfItWereEachOnesOwn() throws {
        var generator = SeededGenerator(seed: 41)
        let width = model.configuration.width
        for _ in 0..<10 {
            let lengths = (0..<6).map { _ in Int.random(in: 1...7, using: &generator) }
            let rows = lengths.map { Matrix.random($0, width, using: &generator) }
            // 1 and 2 follow 0; 4 follows 3; 5 stands alone.
            let parents = [nil, 0, 0, nil, 3, nil]
            let readings = zip(lengths, parents).map { Reading(count: $0, parent: $1) }
            var contexts = readings.map { _ in model.context() }
            let last = try model.read(
                Matrix(stacking: rows), readings, into: &contexts
            ) { false }
            for (place, parent) in parents.enumerated() {
                let whole = Matrix(stacking: (parent.map { [rows[$0]] } ?? []) + [rows[place]])
                let expected = try readAlone(whole)
                #expect(last.rows(place..<place + 1).isClose(to: expected))
                #expect(contexts[place].count == whole.rows)
            }
        }
    }

    @Test func aContextGoesOnBehindItsBeginning() throws {
        var generator = SeededGenerator(seed: 42)
        let width = model.configuration.width
        let rows = Matrix.random(12, width, using: &generator)
        var contexts = [model.context(), model.context(room: 1)]
        let first = try model.read(
            rows.rows(0..<9), [Reading(count: 5, asked: 0), Reading(count: 4, parent: 0)],
            into: &contexts
        ) { false }
        #expect(first.isClose(to: try readAlone(rows.rows(0..<9))))
        var own = [contexts[1]]
        let second = try model.read(rows.rows(9..<12), [Reading(count: 3)], into: &own) { false }
        #expect(second.isClose(to: try readAlone(rows)))
    }

    @Test func soManyRowsThatTheMLPTakesThemInPartsAreReadAsFewAre() throws {
        var generator = SeededGenerator(seed: 44)
        let rows = (0..<89).map { _ in
            Matrix.random(18, model.configuration.width, using: &generator)
        }
        var contexts = rows.map { _ in model.context() }
        let last = try model.read(
            Matrix(stacking: rows), rows.map { Reading(count: $0.rows) }, into: &contexts
        ) { false }
        for (place, own) in rows.enumerated() {
            #expect(last.rows(place..<place + 1).isClose(to: try readAlone(own)))
        }
    }

    @Test func whereNobodyIsAskedNothingComesBack() throws {
        var generator = SeededGenerator(seed: 43)
        let rows = Matrix.random(3, model.configuration.width, using: &generator)
        var contexts = [model.context()]
        let last = try model.read(
            rows, [Reading(count: 3, asked: 0)], into: &contexts
        ) { false }
        #expect(last.rows == 0)
        #expect(contexts[0].count == 3)
    }
}
