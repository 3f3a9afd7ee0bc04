import Testing

@testable import Benchmarking

@Suite struct MeasurementTests {
    @Test(arguments: [(0, 1), (1, 1), (4, 4)]) func whatIsMeasuredRunsThatOften(
        asked: Int, runs: Int
    ) throws {
        let meter = try CeilingMeter(threads: 1, seconds: 0.0001, memoryBytes: 1 << 16)
        var count = 0
        let measured = Measurement.take(runs: asked, meter: meter, arithmetic: .float32) {
            count += 1
        }
        #expect(count == runs && measured.runs == runs)
        #expect(measured.seconds >= 0 && measured.seconds.isFinite)
        #expect(measured.ceilings[.float32] != nil && measured.ceilings[.memory] != nil)
        #expect(measured.ceilings[.int8] == nil)
    }

    @Test func aPartHasItsShareOfTimeAndOperations() {
        let ceilings = CeilingRates([.memory: 7])
        let part = Measurement(seconds: 8, runs: 3, operations: 400, ceilings: ceilings).part(of: 4)
        #expect(part.seconds == 2 && part.operations == 100)
        #expect(part.runs == 3 && part.ceilings == ceilings)
    }

    @Test func errorsGetThrough() throws {
        let meter = try CeilingMeter(threads: 1, seconds: 0.0001, memoryBytes: 1 << 16)
        #expect(throws: BenchmarkError.self) {
            try Measurement.take(runs: 2, meter: meter, arithmetic: .float32) {
                throw BenchmarkError("no")
            }
        }
    }
}
