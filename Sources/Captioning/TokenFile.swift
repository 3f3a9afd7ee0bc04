import Foundation
import Synchronization
import SystemPackage

/// A nameless file of tokens, gone when nobody holds it or the process dies.
///
/// A record is the second and the numbers, in this machine's byte order.
final class TokenFile: Equatable, Sendable {
    /// Numbers of a token.
    let dimension: Int
    private let descriptor: FileDescriptor
    private let records = Atomic<Int>(0)

    private var recordBytes: Int {
        MemoryLayout<Double>.stride + dimension * MemoryLayout<Float>.stride
    }

    /// How many tokens it holds.
    var count: Int { records.load(ordering: .acquiring) }

    /// `$TMPDIR`, or where large temporary files belong.
    private static var standardFolder: FilePath {
        FilePath(ProcessInfo.processInfo.environment["TMPDIR"] ?? "/var/tmp")
    }

    /// Makes an empty file in a folder, or where temporary files belong.
    ///
    /// - Throws: `TokenFileError`.
    init(dimension: Int, in folder: FilePath? = nil) throws(TokenFileError) {
        self.dimension = dimension
        let folder = folder ?? Self.standardFolder
        let path = folder.appending("vignette-tokens-\(UUID().uuidString)")
        do {
            descriptor = try FileDescriptor.open(
                path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: .ownerReadWrite)
        } catch {
            throw TokenFileError("cannot be created in \(folder)", error)
        }
        // Without a name nothing is left behind, whenever the process ends.
        unlink(path.string)
    }

    deinit {
        try? descriptor.close()
    }

    /// Adds tokens; one thread at a time.
    ///
    /// - Throws: `TokenFileError`.
    func append(_ tokens: [PictureDescription.Token]) throws(TokenFileError) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(tokens.count * recordBytes)
        for token in tokens {
            precondition(token.values.count == dimension, "tokens of one model are equally long")
            withUnsafeBytes(of: token.second ?? .nan) { bytes.append(contentsOf: $0) }
            token.values.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
        do {
            try descriptor.writeAll(toAbsoluteOffset: Int64(count * recordBytes), bytes)
        } catch {
            throw TokenFileError("cannot be written", error)
        }
        records.add(tokens.count, ordering: .releasing)
    }

    /// Reads a token.
    ///
    /// - Throws: `TokenFileError`.
    func token(at index: Int) throws(TokenFileError) -> PictureDescription.Token {
        precondition(index >= 0 && index < count)
        var second = Double.nan
        var values = [Float](repeating: 0, count: dimension)
        let offset = Int64(index * recordBytes)
        do {
            try withUnsafeMutableBytes(of: &second) {
                try read(into: $0, at: offset)
            }
            try values.withUnsafeMutableBytes {
                try read(into: $0, at: offset + Int64(MemoryLayout<Double>.stride))
            }
        } catch {
            throw TokenFileError("cannot be read", error)
        }
        return .init(second: second.isNaN ? nil : second, values: values)
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws {
        var done = 0
        while done < buffer.count {
            let count = try descriptor.read(
                fromAbsoluteOffset: offset + Int64(done),
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
            guard count > 0 else { throw Errno.ioError }
            done += count
        }
    }

    static func == (left: TokenFile, right: TokenFile) -> Bool { left === right }
}

/// What went wrong with the file in which a long clip's tokens wait.
public struct TokenFileError: Error, CustomStringConvertible, Sendable {
    /// What happened, and why.
    public let description: String

    init(_ what: String, _ cause: any Error) {
        description =
            "the temporary file of the clip's vision tokens \(what): \(cause); "
            + "see that TMPDIR, or /var/tmp, has room"
    }
}
