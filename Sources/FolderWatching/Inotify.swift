import FileSystem
import Glibc
public import SystemPackage

/// The kernel's inotify as a source of messages.
public final class Inotify: FileEventSource {
    /// The inotify instance.
    public let descriptor: FileDescriptor
    private let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 64 * 1024, alignment: MemoryLayout<inotify_event>.alignment)

    /// What every directory is watched for.
    ///
    /// Writes are left out on purpose: a file that is being written says nothing until it is closed,
    /// and settling needs no message for each block.
    private static let mask: UInt32 = {
        let arrivals = IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_ATTRIB
        let departures = IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF
        return UInt32(arrivals | departures) | UInt32(IN_ONLYDIR) | UInt32(IN_EXCL_UNLINK)
    }()

    /// Opens an inotify instance.
    ///
    /// - Throws: `Errno`; `.tooManyOpenFiles` when `fs.inotify.max_user_instances` is used up.
    public init() throws(Errno) {
        let result = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard result >= 0 else { throw Errno(rawValue: errno) }
        descriptor = FileDescriptor(rawValue: result)
    }

    deinit {
        buffer.deallocate()
        try? descriptor.close()
    }

    /// Watches a directory for everything but reads and single writes.
    ///
    /// - Throws: `Errno`; `.noSpace` when `fs.inotify.max_user_watches` is used up.
    public func addWatch(
        _ directory: FilePath, followingLink: Bool
    ) throws(Errno) -> WatchDescriptor {
        let mask = followingLink ? Self.mask : Self.mask | UInt32(IN_DONT_FOLLOW)
        let watch = directory.withPlatformString {
            inotify_add_watch(descriptor.rawValue, $0, mask)
        }
        guard watch >= 0 else { throw Errno(rawValue: errno) }
        return watch
    }

    /// Ends a watch; the kernel sends a last message for it.
    ///
    /// - Throws: `Errno`, `.invalidArgument` when the watch has ended already.
    public func removeWatch(_ watch: WatchDescriptor) throws(Errno) {
        guard inotify_rm_watch(descriptor.rawValue, watch) == 0 else {
            throw Errno(rawValue: errno)
        }
    }

    /// Appends up to 64 KiB of waiting messages.
    ///
    /// - Returns: Whether there may be more; false when the queue was empty.
    /// - Throws: `Errno`.
    public func read(into events: inout [FileEvent]) throws(Errno) -> Bool {
        while true {
            let count = Glibc.read(descriptor.rawValue, buffer.baseAddress, buffer.count)
            if count > 0 {
                Self.parse(UnsafeRawBufferPointer(rebasing: buffer[..<count]), into: &events)
                return true
            }
            let error = Errno(rawValue: errno)
            if count == 0 || error == .wouldBlock { return false }
            // A signal between two system calls is no error: ask again.
            if error != .interrupted { throw error }
        }
    }

    /// Reads the kernel's packed records (inotify(7): a header, then a name padded with zeros).
    static func parse(_ bytes: UnsafeRawBufferPointer, into events: inout [FileEvent]) {
        let headerSize = MemoryLayout<inotify_event>.size
        var offset = 0
        while offset + headerSize <= bytes.count {
            let header = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
            let nameLength = Int(header.len)
            offset += headerSize
            guard nameLength <= bytes.count - offset else { return }
            let name = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + nameLength])
            offset += nameLength
            events.append(
                FileEvent(
                    watch: header.wd, flags: FileEvent.Flags(inotify: header.mask),
                    name: FilePath.Component(bytes: name.prefix { $0 != 0 })))
        }
    }
}

extension FileEvent.Flags {
    /// Translates inotify's mask.
    init(inotify mask: UInt32) {
        self = []
        let changed = UInt32(IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_ATTRIB)
        if mask & changed != 0 { insert(.changed) }
        if mask & UInt32(IN_MOVED_FROM | IN_DELETE) != 0 { insert(.gone) }
        if mask & UInt32(IN_ISDIR) != 0 { insert(.directory) }
        if mask & UInt32(IN_DELETE_SELF | IN_MOVE_SELF) != 0 { insert(.selfGone) }
        if mask & UInt32(IN_IGNORED) != 0 { insert(.watchEnded) }
        if mask & UInt32(IN_UNMOUNT) != 0 { insert(.unmounted) }
        if mask & UInt32(IN_Q_OVERFLOW) != 0 { insert(.overflow) }
    }
}
