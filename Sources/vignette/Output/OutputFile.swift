import Foundation
import SystemPackage

/// Where a command writes its results: standard output, or a file that is there only when it is whole.
final class OutputFile {
    private let path: FilePath?
    private let part: FilePath
    private let file: FileDescriptor?
    private var waiting: [UInt8] = []

    /// Begins a file, or standard output where none is named.
    ///
    /// - Throws: `Errno`, in words.
    init(_ path: FilePath?) throws {
        self.path = path
        part = FilePath("\(path?.string ?? "").part-\(ProcessInfo.processInfo.processIdentifier)")
        guard path != nil else {
            file = nil
            return
        }
        do {
            file = try FileDescriptor.open(
                part, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw OutputFailure(path: part, cause: error)
        }
    }

    deinit {
        guard let file else { return }
        try? file.close()
        unlink(part.string)
    }

    /// Writes text.
    func write(_ text: String) throws { try write(bytes: Array(text.utf8)) }

    /// Writes bytes.
    func write(bytes: [UInt8]) throws {
        waiting += bytes
        if waiting.count > 65_536 { try flush() }
    }

    /// Puts the whole file in its place.
    func finish() throws {
        try flush()
        guard let path, let file else { return }
        guard fsync(file.rawValue) == 0, rename(part.string, path.string) == 0 else {
            throw OutputFailure(path: path, cause: Errno(rawValue: errno))
        }
    }

    private func flush() throws {
        defer { waiting = [] }
        guard let file else {
            return StandardOutput.write(String(decoding: waiting, as: UTF8.self))
        }
        do {
            try file.writeAll(waiting)
        } catch {
            throw OutputFailure(path: part, cause: error)
        }
    }
}

/// A file that could not be written.
struct OutputFailure: Error, CustomStringConvertible {
    let path: FilePath
    let cause: any Error

    var description: String { "\(PathText(path).display): cannot be written: \(cause)" }
}
