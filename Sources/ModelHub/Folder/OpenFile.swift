import Glibc
import SystemPackage

/// A regular file, open, read and written at given places; closed with this object.
final class OpenFile: Sendable {
    let descriptor: FileDescriptor

    /// Opens a file for reading.
    ///
    /// - Throws: `Errno`; `.invalidArgument` where the path is no regular file.
    convenience init(reading path: FilePath) throws(Errno) {
        // A pipe in the place of a file must not keep the program waiting for a writer.
        try self.init(path, .readOnly, [.closeOnExec, .nonBlocking])
    }

    /// Opens a file of our own for reading and writing, which need not exist; a link in its place is
    /// not followed.
    ///
    /// - Throws: as for reading.
    convenience init(writing path: FilePath) throws(Errno) {
        try self.init(path, .readWrite, [.closeOnExec, .nonBlocking, .create, .noFollow])
    }

    private init(
        _ path: FilePath, _ mode: FileDescriptor.AccessMode, _ options: FileDescriptor.OpenOptions
    ) throws(Errno) {
        let rights = options.contains(.create) ? FilePermissions(rawValue: 0o644) : nil
        do {
            descriptor = try FileDescriptor.open(path, mode, options: options, permissions: rights)
        } catch {
            throw error as? Errno ?? .ioError
        }
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .invalidArgument
        }
    }

    deinit { try? descriptor.close() }

    /// The file's length at this moment; zero where it cannot be told.
    var size: Int64 {
        var status = stat()
        return fstat(descriptor.rawValue, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// Reads bytes; fewer only where the file ends.
    func read(at offset: Int64, count: Int) throws(Errno) -> [UInt8] {
        var failure: Errno?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let got = pread(
                    descriptor.rawValue, rest.baseAddress, rest.count, off_t(offset) + filled)
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = Errno(rawValue: errno) }
                guard got > 0 else { return }
                filled += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all bytes.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(Errno) {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = pwrite(
                descriptor.rawValue, rest.baseAddress, rest.count, off_t(offset) + written)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Errno(rawValue: count < 0 ? errno : ENOSPC) }
            written += count
        }
    }

    /// Writes all bytes.
    func write(_ bytes: [UInt8], at offset: Int64) throws(Errno) {
        let result = bytes.withUnsafeBytes { buffer in
            Result<Void, Errno> { () throws(Errno) in try write(buffer, at: offset) }
        }
        try result.get()
    }

    /// Sets the length; what is added is a hole.
    func resize(_ size: Int64) throws(Errno) {
        guard ftruncate(descriptor.rawValue, off_t(size)) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Waits until the disk has it all.
    func synchronize() throws(Errno) {
        guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }
}
