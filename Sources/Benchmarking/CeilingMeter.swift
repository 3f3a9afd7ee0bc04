import CBench
import Tensor

/// Measures ceilings, on all threads at once and for a moment only, so that it can be done again
/// before every measurement: the speed of a shared machine changes from minute to minute.
final class CeilingMeter {
    private let threads: Int
    private let seconds: Double
    private let memory: MappedFile
    /// Rounds of a loop that take about as long as a sample should.
    private var rounds: [Ceiling: UInt64] = [:]

    /// Takes memory to read from.
    ///
    /// - Parameters:
    ///   - threads: How many threads measure at once.
    ///   - seconds: How long a sample of a loop takes, roughly.
    ///   - memoryBytes: What is read; several times the processor's caches.
    /// - Throws: `Errno` where there is not enough memory.
    init(threads: Int, seconds: Double, memoryBytes: Int) throws {
        self.threads = threads
        self.seconds = seconds
        // Written to, so that each page is one of its own and not the one page of zeros.
        memory = try MappedFile(anonymousBytes: memoryBytes) {
            $0.initializeMemory(as: UInt8.self, repeating: 1)
        }
    }

    /// Measures some of the ceilings once.
    func sample(_ ceilings: [Ceiling]) -> CeilingRates {
        var rates: [Ceiling: Double] = [:]
        for ceiling in ceilings { rates[ceiling] = sample(ceiling) }
        return CeilingRates(rates)
    }

    /// Operations or bytes a second; `nil` where the processor has no instructions of the kind.
    private func sample(_ ceiling: Ceiling) -> Double? {
        guard let numbers = ceiling.numbers else { return readMemory() }
        guard ceiling.instructions != nil else { return nil }
        let rounds = self.rounds[ceiling] ?? calibrated(numbers)
        self.rounds[ceiling] = rounds
        let operations = vb_run_loop(numbers, 1) * rounds * UInt64(threads)
        let elapsed = Stopwatch.seconds {
            ComputePool.shared.parallel(count: threads) { _ in _ = vb_run_loop(numbers, rounds) }
        }
        return Double(operations) / elapsed
    }

    /// Rounds for a sample, from a short run that also wakes the threads.
    private func calibrated(_ numbers: vb_numbers) -> UInt64 {
        let trial: UInt64 = 100_000
        let elapsed = Stopwatch.seconds {
            ComputePool.shared.parallel(count: threads) { _ in _ = vb_run_loop(numbers, trial) }
        }
        return max(trial, UInt64(Double(trial) * seconds / max(elapsed, 1e-6)))
    }

    /// Each thread reads a part of the memory.
    private func readMemory() -> Double? {
        let bytes = memory.bytes
        let part = bytes.count / threads / 256 * 256
        guard part > 0, let start = bytes.baseAddress else { return nil }
        let parts = (0..<threads).map { MemoryPart(start: start + $0 * part, count: part) }
        let elapsed = Stopwatch.seconds {
            ComputePool.shared.parallel(count: threads) { index in
                _ = vb_read_memory(parts[index].start, parts[index].count)
            }
        }
        return Double(part * threads) / elapsed
    }
}

/// `@unchecked Sendable`: memory that nobody writes, and that the meter keeps.
private struct MemoryPart: @unchecked Sendable {
    let start: UnsafeRawPointer
    let count: Int
}
