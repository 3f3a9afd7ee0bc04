import Foundation
import Testing

@testable import Benchmarking

@Suite struct FigureTests {
    private let measured = Measurement(
        seconds: 4, runs: 3, operations: 2000,
        ceilings: CeilingRates([.int8: 1000, .memory: 10]))

    @Test func theRatioIsTheLeastTimeOverTheMeasured() {
        let work = Work(arithmetic: .int8, phases: [.init(operations: 2000, bytes: 30)])
        let figure = Figure(
            .decoding, "decoding", items: 8, unit: "tokens/s", measured, work: work)
        #expect(figure.value == 2)
        #expect(figure.leastSeconds == 3)
        #expect(figure.ratio == 0.75)
        #expect(figure.ceiling == .memory)
        #expect(figure.bytes == 30)
        #expect(figure.operations == 2000)
    }

    @Test func aFigureInSecondsIsTheTimeItself() {
        let work = Work(arithmetic: .int8, phases: [.init(operations: 2000)])
        let figure = Figure(.image, "tower", items: 3600, unit: "s", measured, work: work)
        #expect(figure.value == 4)
        #expect(figure.ratio == 0.5)
    }

    @Test func aFigureComesBackFromItsJSON() throws {
        var figure = Figure(.paper, "operations", value: 1.5, unit: "TFLOP")
        figure.note = "a \"note\""
        figure.ratio = 4.25
        let data = try JSONEncoder().encode(figure)
        #expect(try JSONDecoder().decode(Figure.self, from: data) == figure)
    }
}
