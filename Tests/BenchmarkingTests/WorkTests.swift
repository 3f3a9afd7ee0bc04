import Testing

@testable import Benchmarking

@Suite struct WorkTests {
    private let rates = CeilingRates([.int8: 1000, .float32: 200, .memory: 10])

    @Test func aPhaseTakesAsLongAsTheSlowerOfItsTwoNeeds() {
        let multiplying = Work(arithmetic: .int8, phases: [.init(operations: 3000, bytes: 5)])
        #expect(multiplying.leastSeconds(rates) == 3)
        #expect(multiplying.bound(rates) == .int8)
        let reading = Work(arithmetic: .int8, phases: [.init(operations: 3000, bytes: 50)])
        #expect(reading.leastSeconds(rates) == 5)
        #expect(reading.bound(rates) == .memory)
    }

    @Test func phasesFollowOneAnother() {
        let phases: [Work.Phase] = [.init(operations: 400), .init(bytes: 30), .init(bytes: 10)]
        let work = Work(arithmetic: .float32, phases: phases)
        #expect(work.leastSeconds(rates) == 6)
        #expect(work.bound(rates) == .memory)
    }

    @Test func nothingIsSaidOfACeilingThatWasNotMeasured() {
        let work = Work(arithmetic: .bfloat16, phases: [.init(operations: 1)])
        #expect(work.leastSeconds(rates) == nil)
        #expect(work.bound(rates) == nil)
    }

    @Test func higherMeasurementsOfACeilingStay() {
        var rates = CeilingRates([.int8: 10, .memory: 3])
        rates.raise(to: CeilingRates([.int8: 8, .memory: 4, .float32: 1]))
        #expect(rates == CeilingRates([.int8: 10, .memory: 4, .float32: 1]))
    }
}
