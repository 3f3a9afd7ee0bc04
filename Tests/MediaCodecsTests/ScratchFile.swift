import SystemPackage
import TestSupport

@testable import MediaCodecs

/// A file with given content, for as long as the object lives.
struct ScratchFile {
    private let folder: TemporaryDirectory
    let path: FilePath

    init(_ bytes: [UInt8]) throws {
        folder = try TemporaryDirectory()
        path = folder.path.appending("file")
        let descriptor = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        _ = try descriptor.closeAfter { try descriptor.writeAll(bytes) }
    }

    func open() throws -> InputFile { try InputFile(path) }
}

extension InputFile {
    /// Opens a file by its name, as the parent does for the child.
    convenience init(_ path: FilePath) throws {
        try self.init(descriptor: FileDescriptor.open(path, .readOnly).rawValue)
    }
}
