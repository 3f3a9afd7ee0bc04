import FileSystem
import SystemPackage

/// The files that have changed lately, in the order in which they are due to be looked at again.
///
/// All wait equally long, so that the order of arrival is the order of the deadlines and a queue is
/// all it takes. Times are nanoseconds of a clock that never jumps.
struct SettleTracker {
    /// A file, by the directory that it is in.
    struct File: Hashable {
        var directory: DirectoryID
        var name: FilePath.Component
    }

    private struct Entry {
        var root: Int
        var status: FileStatus
        var deadline: Int64
    }

    private let settleTime: Int64
    private var entries: [File: Entry] = [:]
    /// Deadlines in order; those that no longer agree with `entries` are void.
    private var queue: [(file: File, deadline: Int64)] = []
    private var head = 0

    /// - Parameter settleTime: How long a file must stand still, in nanoseconds.
    init(settleTime: Int64) {
        self.settleTime = settleTime
    }

    /// How many files wait.
    var count: Int {
        entries.count
    }

    /// The files that wait, in no order.
    var files: some Collection<File> {
        entries.keys
    }

    /// When the next file is due; nil when none waits.
    var nextDeadline: Int64? {
        mutating get {
            dropVoid()
            return head < queue.count ? queue[head].deadline : nil
        }
    }

    func contains(_ file: File) -> Bool {
        entries[file] != nil
    }

    /// Begins to wait for a file of a root, or begins anew.
    mutating func wait(for file: File, ofRoot root: Int, status: FileStatus, now: Int64) {
        let deadline = now + settleTime
        entries[file] = Entry(root: root, status: status, deadline: deadline)
        queue.append((file, deadline))
        compact()
    }

    /// Waits for a file no longer.
    ///
    /// - Returns: The status that it had when the wait began; `nil` if nobody waited for it.
    mutating func remove(_ file: File) -> FileStatus? {
        entries.removeValue(forKey: file)?.status
    }

    /// Takes out the next file that is due, with its root and the status that it had when the wait began.
    mutating func popDue(now: Int64) -> (file: File, root: Int, status: FileStatus)? {
        dropVoid()
        guard head < queue.count, queue[head].deadline <= now else { return nil }
        let file = queue[head].file
        head += 1
        compact()
        guard let entry = entries.removeValue(forKey: file) else { return nil }
        return (file, entry.root, entry.status)
    }

    private mutating func dropVoid() {
        while head < queue.count, entries[queue[head].file]?.deadline != queue[head].deadline {
            head += 1
        }
    }

    /// Gives back the queue's used part; rarely, so that it costs nothing on average.
    private mutating func compact() {
        if entries.isEmpty {
            queue = []
            head = 0
        } else if head > 1024, head > queue.count / 2 {
            queue.removeFirst(head)
            head = 0
        } else if queue.count > 1024, queue.count - head > 4 * entries.count {
            queue = queue[head...].filter { entries[$0.file]?.deadline == $0.deadline }
            head = 0
        }
    }
}
