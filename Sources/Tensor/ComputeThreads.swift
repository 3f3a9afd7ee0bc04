/// The threads that a model's inner loops run on; they are the whole process's.
public enum ComputeThreads {
    /// How many threads a large product uses.
    public static var count: Int { ComputePool.shared.threads }

    /// Sets how many threads a large product uses, at least one.
    public static func set(_ count: Int) {
        ComputePool.shared.setThreads(count)
    }
}
