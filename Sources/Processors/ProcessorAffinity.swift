import CProcess
import Glibc

/// Which processors the scheduler may run a thread on.
public enum ProcessorAffinity {
    private static let bytes = ProcessorList.limit / 8

    /// Those that this process was started on; `nil` where the system does not say.
    static func ofThisProcess() -> [Int]? {
        // The first thread's, which is how others set a process's.
        of(getpid())
    }

    /// Those of the calling thread.
    static func ofThisThread() -> [Int]? {
        of(0)
    }

    private static func of(_ thread: pid_t) -> [Int]? {
        var mask = [UInt8](repeating: 0, count: bytes)
        let filled = mask.withUnsafeMutableBytes {
            vignette_get_affinity(thread, $0.baseAddress, $0.count)
        }
        guard filled > 0 else { return nil }
        let numbers = (0..<8 * filled).filter { mask[$0 / 8] & 1 << ($0 % 8) != 0 }
        return numbers.isEmpty ? nil : numbers
    }

    /// Keeps the calling thread to some processors; where the system refuses, it stays as it is.
    ///
    /// - Parameter processors: Their numbers.
    public static func keepThisThread(to processors: [Int]) {
        var mask = [UInt8](repeating: 0, count: bytes)
        for number in processors where (0..<ProcessorList.limit).contains(number) {
            // Linux keeps words of the machine; both kinds of processors that this is built for begin with the lowest byte.
            mask[number / 8] |= 1 << (number % 8)
        }
        _ = mask.withUnsafeBytes { vignette_set_affinity(0, $0.baseAddress, $0.count) }
    }
}
