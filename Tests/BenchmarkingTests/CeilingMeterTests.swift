import CBench
import Testing

@testable import Benchmarking

@Suite struct CeilingMeterTests {
    @Test func everyCeilingWithInstructionsHasARate() throws {
        let meter = try CeilingMeter(threads: 2, seconds: 0.001, memoryBytes: 1 << 20)
        let rates = meter.sample(Ceiling.allCases)
        for ceiling in Ceiling.allCases {
            let rate = rates[ceiling]
            #expect((rate != nil) == (ceiling.instructions != nil), "\(ceiling)")
            #expect(rate.map { $0.isFinite && $0 > 0 } ?? true)
        }
        // These need no special instructions.
        #expect(Ceiling.int8.instructions != nil && Ceiling.float32.instructions != nil)
    }

    @Test(arguments: [Ceiling.int8, .bfloat16, .float32])
    func aLoopCountsInProportionToItsRounds(ceiling: Ceiling) throws {
        let numbers = try #require(ceiling.numbers)
        let once = vb_run_loop(numbers, 1)
        #expect(vb_run_loop(numbers, 1000) == 1000 * once)
        #expect(vb_run_loop(numbers, 0) == 0)
        #expect((once > 0) == (ceiling.instructions != nil))
    }

    @Test func allMemoryIsReadInWholePieces() {
        // The sum is the exclusive or of all words: one bit set anywhere shows.
        var bytes = [UInt8](repeating: 0, count: 1024 + 100)
        #expect(vb_read_memory(bytes, bytes.count) == 0)
        for place in stride(from: 0, to: 1024, by: 7) {
            bytes[place] = 1
            #expect(vb_read_memory(bytes, bytes.count) == 1 << (UInt64(place % 8) * 8))
            bytes[place] = 0
        }
        bytes[1024] = 1
        #expect(vb_read_memory(bytes, bytes.count) == 0)
    }

    @Test func moreThreadsThanMemoryGiveNoRate() throws {
        let meter = try CeilingMeter(threads: 8, seconds: 0.001, memoryBytes: 256)
        #expect(meter.sample([.memory])[.memory] == nil)
    }
}
