import Synchronization

/// Floating point and integer operations of all products so far, in the whole process.
///
/// Read it before and after; a multiply-add counts as two.
public enum OperationCount {
    private static let counter = Atomic<UInt64>(0)

    /// Operations since the process began.
    public static var total: UInt64 { counter.load(ordering: .relaxed) }

    /// Counts multiply-adds that are about to run.
    static func add(multiplyAdds: Int) {
        counter.add(2 * UInt64(max(multiplyAdds, 0)), ordering: .relaxed)
    }
}
