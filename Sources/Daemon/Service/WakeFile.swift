import CLinux
import FileSystem
import Glibc
public import SystemPackage

/// A file beside the catalogue that other programs touch to tell the daemon of new work.
///
/// `vignette retry` writes to the catalogue from a process of its own; the daemon hears of it
/// through inotify instead of asking the catalogue again and again.
public final class WakeFile: Sendable {
    private let events: Int32
    private let stopEvent: Int32

    /// Where the file of a catalogue is.
    public static func path(for catalogue: FilePath) -> FilePath {
        var path = catalogue
        path.removeLastComponent()
        return path.appending((catalogue.lastComponent?.string ?? "catalogue") + ".wake")
    }

    /// Creates the file if needed and begins to listen.
    ///
    /// - Throws: `Errno`.
    public init(for catalogue: FilePath) throws {
        let path = Self.path(for: catalogue)
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        SharedFolder.share(file.rawValue, at: path)
        try file.close()
        let events = try Self.checked(inotify_init1(Int32(IN_CLOEXEC)))
        self.events = events
        do {
            stopEvent = try Self.checked(eventfd(0, Int32(EFD_CLOEXEC)))
        } catch {
            close(events)
            throw error
        }
        let watch = path.withPlatformString {
            inotify_add_watch(events, $0, UInt32(IN_ATTRIB | IN_CLOSE_WRITE))
        }
        _ = try Self.checked(watch)
    }

    private static func checked(_ result: Int32) throws -> Int32 {
        guard result >= 0 else { throw Errno(rawValue: errno) }
        return result
    }

    deinit {
        close(events)
        close(stopEvent)
    }

    /// Tells the daemon that has this catalogue, if one runs; harmless otherwise.
    public static func touch(for catalogue: FilePath) {
        // Without a daemon there is no file, and nobody to tell.
        guard
            let file = try? FileDescriptor.open(
                path(for: catalogue), .writeOnly, options: .closeOnExec)
        else { return }
        try? file.close()
    }

    /// Blocks the calling thread and calls `body` whenever the file was touched, until `stop`.
    public func listen(_ body: () -> Void) {
        var descriptors = [
            pollfd(fd: events, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stopEvent, events: Int16(POLLIN), revents: 0),
        ]
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            if poll(&descriptors, 2, -1) < 0 {
                if errno == EINTR { continue }
                return
            }
            if descriptors[1].revents != 0 { return }
            if descriptors[0].revents != 0 {
                guard read(events, &buffer, buffer.count) > 0 || errno == EINTR else { return }
                body()
            }
        }
    }

    /// Ends `listen`, from any thread.
    public func stop() {
        var one: UInt64 = 1
        _ = write(stopEvent, &one, MemoryLayout<UInt64>.size)
    }
}
