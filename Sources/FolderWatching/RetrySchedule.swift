/// Directories of which something could not be found out, and when to look again.
///
/// All are looked at together: soon at first, then after pauses that double up to a limit, so that a
/// broken disk wakes the machine seldom. Times are nanoseconds of a clock that never jumps.
struct RetrySchedule {
    /// How long after an error the next look comes.
    static let firstPause: Int64 = 1_000_000_000

    private let longestPause: Int64
    private let maximumAttempts: Int?
    private var attempts: [DirectoryID: Int] = [:]
    private var waiting: Set<DirectoryID> = []
    private var pause = firstPause

    /// When to look again; nil when there is nothing to look at.
    private(set) var deadline: Int64?

    /// - Parameters:
    ///   - longestPause: Pauses grow up to this, in nanoseconds.
    ///   - maximumAttempts: How often a directory is looked at again; nil for as often as it takes.
    init(longestPause: Int64, maximumAttempts: Int?) {
        self.longestPause = max(longestPause, Self.firstPause)
        self.maximumAttempts = maximumAttempts
    }

    /// Puts a directory on the list, unless it has been tried as often as allowed.
    ///
    /// - Parameters:
    ///   - directory: The directory.
    ///   - now: The time.
    ///   - attemptLimit: How often it is tried, if that is less than for others.
    /// - Returns: Whether it is tried again.
    @discardableResult
    mutating func add(_ directory: DirectoryID, now: Int64, attemptLimit: Int? = nil) -> Bool {
        let limit = [attemptLimit, maximumAttempts].compactMap { $0 }.min() ?? .max
        guard attempts[directory, default: 0] < limit else { return false }
        waiting.insert(directory)
        if deadline == nil { deadline = now + pause }
        return true
    }

    /// The directories whose time has come; nil before the deadline.
    mutating func takeDue(now: Int64) -> Set<DirectoryID>? {
        guard let deadline, deadline <= now else { return nil }
        self.deadline = nil
        pause = min(2 * pause, longestPause)
        defer { waiting = [] }
        for directory in waiting { attempts[directory, default: 0] += 1 }
        return waiting
    }

    /// Takes note that all of a directory could be found out.
    mutating func succeeded(_ directory: DirectoryID) {
        guard attempts.removeValue(forKey: directory) != nil || waiting.contains(directory) else {
            return
        }
        waiting.remove(directory)
        if waiting.isEmpty { deadline = nil }
        if attempts.isEmpty { pause = Self.firstPause }
    }

    /// Forgets a directory that is no longer watched.
    mutating func forget(_ directory: DirectoryID) {
        succeeded(directory)
    }
}
