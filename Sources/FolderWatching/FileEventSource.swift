public import SystemPackage

/// The number under which a watched directory reports.
public typealias WatchDescriptor = Int32

/// One message of the kernel about a watched directory, or about the queue itself.
public struct FileEvent: Equatable, Sendable {
    /// What the message says; several may be true at once.
    public struct Flags: OptionSet, Sendable {
        /// The bits.
        public let rawValue: UInt16

        /// Wraps the bits.
        public init(rawValue: UInt16) {
            self.rawValue = rawValue
        }

        /// Something under `name` came, changed or was closed after writing.
        public static let changed = Flags(rawValue: 1 << 0)
        /// Something under `name` was deleted or moved away.
        public static let gone = Flags(rawValue: 1 << 1)
        /// The kernel says that `name` is a directory.
        public static let directory = Flags(rawValue: 1 << 2)
        /// The watched directory itself was moved or deleted.
        public static let selfGone = Flags(rawValue: 1 << 3)
        /// The watch no longer exists.
        public static let watchEnded = Flags(rawValue: 1 << 4)
        /// The file system that holds the directory was unmounted.
        public static let unmounted = Flags(rawValue: 1 << 5)
        /// The kernel's queue was full: messages are lost.
        public static let overflow = Flags(rawValue: 1 << 6)
    }

    /// Which watch it is about; −1 for the queue.
    public var watch: WatchDescriptor
    /// What happened.
    public var flags: Flags
    /// The entry in the directory; nil for the directory itself.
    public var name: FilePath.Component?

    /// Builds a message from its parts.
    public init(watch: WatchDescriptor, flags: Flags, name: FilePath.Component? = nil) {
        self.watch = watch
        self.flags = flags
        self.name = name
    }
}

/// Where messages about directories come from: inotify, or a test's script.
///
/// Used by one thread only.
public protocol FileEventSource: AnyObject {
    /// Becomes readable when messages wait.
    var descriptor: FileDescriptor { get }

    /// Watches a directory, or renews its watch.
    ///
    /// - Parameters:
    ///   - directory: The directory's absolute path.
    ///   - followingLink: Whether the last component may be a symbolic link (true for roots only).
    /// - Returns: The watch's number; the same for every name of one directory.
    /// - Throws: `Errno`; `.noSpace` when the user's watches are used up.
    func addWatch(
        _ directory: FilePath, followingLink: Bool
    ) throws(Errno) -> WatchDescriptor

    /// Ends a watch.
    ///
    /// - Parameter watch: A number that `addWatch` gave.
    /// - Throws: `Errno`, `.invalidArgument` when the watch has ended already.
    func removeWatch(_ watch: WatchDescriptor) throws(Errno)

    /// Appends waiting messages without blocking.
    ///
    /// - Parameter events: Where the messages go.
    /// - Returns: Whether there may be more; false when the queue was empty.
    /// - Throws: `Errno`.
    func read(into events: inout [FileEvent]) throws(Errno) -> Bool
}
