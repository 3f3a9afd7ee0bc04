import FoundationEssentials
import MediaDecoding
import SystemPackage
import TestSupport

/// The files of Tests/Fixtures/media, and the built decoder.
enum Fixture {
    static let folder = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .appending("Fixtures/media")

    static func path(_ name: String) -> FilePath { folder.appending(name) }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: path(name).string)))
    }

    /// The names of all of them.
    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
    }

    /// A decoder with the program that was built beside the tests.
    static func decoder(limits: DecoderLimits = .standard) throws -> Decoder {
        Decoder(executable: try DecoderLocation.find(), limits: limits)
    }

    /// A decoder whose program is a shell script, to see what becomes of bad children.
    static func decoder(
        script: String, in folder: TemporaryDirectory, limits: DecoderLimits = .standard
    ) throws -> Decoder {
        let path = folder.path.appending("child")
        try write(
            Array("#!/bin/sh\n\(script)\n".utf8), to: path, permissions: .ownerReadWriteExecute)
        return Decoder(executable: path, limits: limits)
    }

    static func write(
        _ bytes: [UInt8], to path: FilePath, permissions: FilePermissions = .ownerReadWrite
    ) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: permissions)
        _ = try file.closeAfter { try file.writeAll(bytes) }
    }
}
