import Testing

@testable import Benchmarking

@Suite struct FigureTableTests {
    @Test func aSectionIsHeadedOnce() {
        var table = FigureTable()
        let first = table.lines(for: Figure(.prefill, "one", value: 1, unit: "tokens/s"))
        let second = table.lines(for: Figure(.prefill, "two", value: 2, unit: "tokens/s"))
        let other = table.lines(for: Figure(.paper, "three", value: 3, unit: "s"))
        #expect(first.hasPrefix("language model, reading\n  one "))
        #expect(second.hasPrefix("  two "))
        #expect(other.hasPrefix("\nas in the paper: × is LLaVA over LLaVA-Mini\n  three "))
        #expect([first, second, other].allSatisfy { $0.hasSuffix("\n") })
    }

    @Test func aLineHoldsFigureOperationsAndShareOfItsCeiling() {
        var figure = Figure(.prefill, "prefill", value: 41.234, unit: "tokens/s")
        figure.operations = 897_000_000_000
        figure.ceiling = .int8
        figure.ratio = 0.7512
        let words = FigureTable.line(figure).split(separator: " ").joined(separator: " ")
        #expect(words == "prefill 41.2 tokens/s 897 GFLOP 75.1 % of int8\n")
    }

    @Test func aRatioWithoutACeilingIsATimes() {
        var figure = Figure(.paper, "memory", value: 0.5, unit: "MB")
        figure.ratio = 576
        figure.note = "why"
        #expect(FigureTable.line(figure).hasSuffix("  576×  (why)\n"))
    }

    @Test(arguments: [
        (0.0123456, "0.0123"), (1.005, "1.00"), (9.996, "10.00"), (12.34, "12.3"),
        (123.4, "123"), (98765, "98765"), (0, "0.0"),
    ]) func numbersHaveThreeDigitsThatCount(value: Double, text: String) {
        #expect(FigureTable.number(value) == text)
    }

    @Test(
        arguments: [
            (1_960_000_000_000, "1.96 TFLOP"), (15_000_000_000, "15.0 GFLOP"),
            (2_500, "0.00250 MFLOP"),
        ] as [(UInt64, String)]) func operationsGetAPrefix(count: UInt64, text: String)
    {
        #expect(FigureTable.operations(count) == text)
    }
}
