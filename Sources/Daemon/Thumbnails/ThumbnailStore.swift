import Digests
import FileSystem
import Glibc
import Synchronization
public import SystemPackage

/// Small pictures by what they show, in a folder that may be removed at any time.
///
/// When they take more than allowed, those go that nobody has looked at for longest. A file's time of change is when it
/// was last looked at, to the day. The page and whoever describes have one each of the same folder.
public final class ThumbnailStore: Sendable {
    private let folder: FilePath
    /// Bytes that all may take.
    private let bound: Int64
    private let count = Mutex<Count?>(nil)

    /// Bytes that all take, as far as is known.
    private struct Count {
        var total: Int64
        /// How many of them came since all were counted; another process may have added as many.
        var added: Int64 = 0
    }

    /// A larger file is none of ours.
    private static let largest = 16 << 20
    /// Seconds after which a look is noted.
    private static let day = 86400

    /// Prepares a store.
    ///
    /// - Parameters:
    ///   - folder: Where; it is made when the first picture comes.
    ///   - bound: Bytes that all may take.
    public init(in folder: FilePath, bound: Int64) { (self.folder, self.bound) = (folder, bound) }

    /// A picture; `nil` if it is not there.
    public func find(_ identity: [UInt8], _ size: ThumbnailSize) -> [UInt8]? {
        let path = path(identity, size)
        guard let jpeg = try? BoundedFile.contents(at: path, limit: Self.largest), !jpeg.isEmpty
        else {
            return nil
        }
        noteLook(at: path)
        return jpeg
    }

    /// Whether a picture is there.
    public func contains(_ identity: [UInt8], _ size: ThumbnailSize) -> Bool {
        access(path(identity, size).string, F_OK) == 0
    }

    /// Whether there is room for pictures that nobody has asked for yet: a tenth of the bound is left to those that
    /// somebody did, so that the one never drive out the other.
    public var hasRoomAhead: Bool {
        count.withLock { count in
            let known = counted(count)
            count = known
            return known.total < bound / 10 * 9
        }
    }

    /// Keeps a picture.
    ///
    /// - Throws: `Errno`, such as for a full disk.
    public func add(_ jpeg: [UInt8], _ identity: [UInt8], _ size: ThumbnailSize) throws {
        let path = path(identity, size)
        try Self.makeFolder(path.removingLastComponent())
        let new = FilePath(path.string + ".\(getpid())-\(UInt32.random(in: 0 ... .max))")
        let file = try FileDescriptor.open(
            new, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: .ownerReadWrite)
        do {
            try file.closeAfter { _ = try file.writeAll(jpeg) }
            guard rename(new.string, path.string) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            unlink(new.string)
            throw error
        }
        makeRoom(for: Int64(jpeg.count))
    }

    private func path(_ identity: [UInt8], _ size: ThumbnailSize) -> FilePath {
        let name = identity.hexadecimal
        return folder.appending(String(name.prefix(2))).appending("\(name)-\(size.rawValue).jpg")
    }

    private func noteLook(at path: FilePath) {
        var status = stat()
        guard stat(path.string, &status) == 0, time(nil) - status.st_mtim.tv_sec > Self.day else {
            return
        }
        utimes(path.string, nil)
    }

    private func makeRoom(for bytes: Int64) {
        count.withLock { count in
            count?.total += bytes
            count?.added += bytes
            let known = counted(count)
            count = known
            guard known.total > bound else { return }
            var files = allFiles()
            var left = files.reduce(0) { $0 + $1.bytes }
            if left > bound {
                files.sort { $0.time < $1.time }
                for file in files where left > bound / 10 * 9 {
                    if unlink(file.path.string) == 0 { left -= file.bytes }
                }
            }
            count = Count(total: left)
        }
    }

    /// Counts them unless they were lately.
    private func counted(_ count: Count?) -> Count {
        if let count, count.added <= bound / 16 { return count }
        return Count(total: allFiles().reduce(0) { $0 + $1.bytes })
    }

    private func allFiles() -> [(path: FilePath, bytes: Int64, time: Int)] {
        Self.names(in: folder).flatMap { name in
            let part = folder.appending(name)
            return Self.names(in: part).compactMap { name -> (FilePath, Int64, Int)? in
                let path = part.appending(name)
                var status = stat()
                guard lstat(path.string, &status) == 0 else { return nil }
                return (path, Int64(status.st_size), status.st_mtim.tv_sec)
            }
        }
    }

    private static func names(in folder: FilePath) -> [String] {
        guard let directory = opendir(folder.string) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    private static func makeFolder(_ folder: FilePath) throws {
        guard mkdir(folder.string, 0o700) != 0, errno != EEXIST else { return }
        guard errno == ENOENT else { throw Errno(rawValue: errno) }
        try makeFolder(folder.removingLastComponent())
        guard mkdir(folder.string, 0o700) == 0 || errno == EEXIST else {
            throw Errno(rawValue: errno)
        }
    }
}
