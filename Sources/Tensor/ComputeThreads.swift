import COpenBLAS
import Synchronization

/// The threads that matrix products run on; they are the whole process's.
public enum ComputeThreads {
    /// Multiply-adds from which on sharing a product out pays.
    ///
    /// OpenBLAS's threads wait for each other by yielding the processor over and over, which costs
    /// more than it saves for the small matrices of a small model (SPEED.md, "Threads").
    static let worthSharing = 32_000_000

    private static let wanted = Atomic<Int>(Int(openblas_get_num_threads()))

    /// How many threads a large matrix product uses.
    public static var count: Int { wanted.load(ordering: .relaxed) }

    /// Sets how many threads a large matrix product uses, at least one.
    public static func set(_ count: Int) {
        let count = Int(Int32(clamping: max(count, 1)))
        wanted.store(count, ordering: .relaxed)
        openblas_set_num_threads(Int32(count))
    }

    /// Chooses the threads for the next product of so many multiply-adds.
    static func prepare(operations: Int) {
        let threads = operations < worthSharing ? 1 : Int32(clamping: count)
        if openblas_get_num_threads() != threads { openblas_set_num_threads(threads) }
    }
}
