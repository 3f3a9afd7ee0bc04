import Glibc
import TestSupport

extension Sandbox {
    /// Runs the program to its end and watches its memory.
    ///
    /// The kernel's own account of an ended child also counts the memory of the process that started
    /// it, so a thread looks every millisecond: what that misses cannot grow by much.
    ///
    /// - Returns: what it left, and the most resident memory in kibibytes.
    func runWatchingMemory(
        _ arguments: [ProgramArgument], within bound: Duration = .seconds(180)
    ) async throws -> (result: ProgramResult, peakKiB: Int) {
        let program = try RunningProgram(launch(arguments))
        let facts = ProcessFacts(processID: program.processID)
        async let peak = onThread {
            var peak = 0
            while program.isRunning {
                // Between its end and our hearing of it there is nothing to be read.
                if let now = try? facts.peakKiB { peak = max(peak, now) }
                usleep(1000)
            }
            return peak
        }
        let result = try await program.result(within: bound)
        return (result, try await peak)
    }
}
