import Glibc
public import SystemPackage

/// Reads small files whole, whatever stands in their place.
///
/// A pipe or a device is refused and never waited for, and a file that is larger than expected is not
/// read into memory.
public enum BoundedFile {
    /// Why a file was not read, other than an error of the system.
    public enum Problem: Error, Equatable, Sendable, CustomStringConvertible {
        /// It is above the limit, in bytes.
        case tooLarge(limit: Int)
        /// It is a pipe, a device, a directory or a link that was not to be followed.
        case noRegularFile

        /// What is wrong, as the end of a sentence.
        public var description: String {
            switch self {
            case .tooLarge(let limit):
                limit < 1 << 20
                    ? "it is larger than \(limit) bytes" : "it is larger than \(limit >> 20) MiB"
            case .noRegularFile: "it is no regular file"
            }
        }
    }

    /// Reads the file at `path`, following links.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - limit: The size in bytes above which it is refused.
    /// - Returns: Its bytes.
    /// - Throws: `Errno` or `Problem`.
    public static func contents(at path: FilePath, limit: Int) throws -> [UInt8] {
        try contents(of: path.withPlatformString { open($0, flags) }, limit: limit)
    }

    /// Reads the file `name` in an open directory; a link in its place is refused.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - directory: Where it is, open for reading.
    ///   - limit: The size in bytes above which it is refused.
    /// - Returns: Its bytes.
    /// - Throws: `Errno` or `Problem`.
    public static func contents(
        of name: FilePath.Component, in directory: FileDescriptor, limit: Int
    ) throws -> [UInt8] {
        let result = name.withPlatformString {
            openat(directory.rawValue, $0, flags | O_NOFOLLOW)
        }
        if result < 0, errno == ELOOP { throw Problem.noRegularFile }
        return try contents(of: result, limit: limit)
    }

    private static let flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC

    private static func contents(of result: Int32, limit: Int) throws -> [UInt8] {
        guard result >= 0 else { throw Errno(rawValue: errno) }
        let file = FileDescriptor(rawValue: result)
        return try file.closeAfter {
            let status = try FileStatus(of: file)
            guard status.kind == .file else { throw Problem.noRegularFile }
            return try remainder(of: file, limit: limit, expecting: Int(clamping: status.size))
        }
    }

    /// Reads an open file from where it stands to its end.
    ///
    /// - Parameters:
    ///   - file: The open file.
    ///   - limit: The number of bytes above which it is refused.
    ///   - size: How many bytes it has, as far as that is known; it may have others.
    /// - Returns: The bytes.
    /// - Throws: `Errno` or `Problem.tooLarge`.
    public static func remainder(
        of file: FileDescriptor, limit: Int, expecting size: Int = 0
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(size, limit))
        let step = size > 1 << 20 ? 1 << 18 : 1 << 14
        var buffer = [UInt8](repeating: 0, count: min(limit + 1, step))
        while true {
            let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
            if count == 0 { return bytes }
            guard bytes.count + count <= limit else { throw Problem.tooLarge(limit: limit) }
            bytes += buffer[..<count]
        }
    }
}
