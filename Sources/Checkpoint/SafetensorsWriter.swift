import Foundation
import Glibc
public import SystemPackage
public import Tensor

/// Writes safetensors files: in one pass, with no tensor held in memory, all or nothing.
public enum SafetensorsWriter {
    /// A tensor to write, and where its numbers come from.
    public struct Tensor {
        let name: String
        let elementType: ElementType
        let shape: [Int]
        let alignment: Int
        let produce: (_ sink: (UnsafeRawBufferPointer) throws -> Void) throws -> Void

        /// A tensor whose bytes are made piece by piece when its turn comes.
        ///
        /// - Parameters:
        ///   - name: The name in the file.
        ///   - elementType: How each number is stored.
        ///   - shape: Row-major, outermost first.
        ///   - alignment: Where it begins is a multiple of this, up to 64; the size of an element
        ///     where none is given. Its bytes are to be as many as a multiple of it.
        ///   - produce: Hands all bytes, little-endian and in order, to the sink it is given.
        public init(
            name: String, elementType: ElementType, shape: [Int], alignment: Int? = nil,
            produce: @escaping (_ sink: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
        ) {
            self.name = name
            self.elementType = elementType
            self.shape = shape
            self.alignment = alignment ?? elementType.byteCount
            self.produce = produce
        }

        /// A tensor whose bytes are at hand.
        public init(name: String, elementType: ElementType, shape: [Int], bytes: [UInt8]) {
            self.init(name: name, elementType: elementType, shape: shape) { sink in
                try bytes.withUnsafeBytes(sink)
            }
        }

        var byteCount: Int { shape.reduce(elementType.byteCount, *) }
    }

    /// Where the numbers start is a multiple of this, so that a mapped file suits vector loads.
    static let alignment = 64

    /// Writes a file: beside its place under another name, synced, then renamed.
    ///
    /// What asks for more alignment stands first, so that every tensor has its own without the holes
    /// that the format forbids; otherwise the order given is kept.
    ///
    /// - Parameters:
    ///   - tensors: What to write; names have to differ.
    ///   - metadata: Notes for the reader.
    ///   - path: The file, replaced where it exists.
    /// - Throws: `CheckpointError`; the path then holds what it held before.
    public static func write(
        _ tensors: [Tensor], metadata: [String: String] = [:], to path: FilePath
    ) throws(CheckpointError) {
        let ordered = inOrderOfAlignment(tensors)
        let advice = "Check that the folder exists, may be written and has room."
        do {
            let header = try header(of: ordered, metadata: metadata)
            let temporary = path.removingLastComponent()
                .appending(".\(UUID().uuidString).safetensors.tmp")
            do {
                try write(header, ordered, to: temporary)
                try rename(temporary, path)
            } catch {
                temporary.withPlatformString { _ = unlink($0) }
                throw error
            }
        } catch let error as CheckpointError {
            throw error
        } catch {
            throw CheckpointError(path, "cannot be written", advice: advice, cause: error)
        }
    }

    /// How large the file with such tensors will be.
    ///
    /// - Throws: `CheckpointError` where they cannot stand in one file.
    public static func byteCount(
        _ tensors: [Tensor], metadata: [String: String] = [:], for path: FilePath
    ) throws(CheckpointError) -> Int {
        do {
            let header = try header(of: inOrderOfAlignment(tensors), metadata: metadata)
            return tensors.reduce(header.count) { $0 + $1.byteCount }
        } catch {
            throw CheckpointError(
                path, "cannot be written", advice: "Check what it is made of.", cause: error)
        }
    }

    private static func inOrderOfAlignment(_ tensors: [Tensor]) -> [Tensor] {
        Set(tensors.map(\.alignment)).sorted(by: >).flatMap { alignment in
            tensors.filter { $0.alignment == alignment }
        }
    }

    /// Length, JSON and the spaces that align what follows.
    private static func header(
        of tensors: [Tensor], metadata: [String: String]
    ) throws -> [UInt8] {
        guard Set(tensors.map(\.name)).count == tensors.count,
            !tensors.contains(where: { $0.name == "__metadata__" })
        else { throw HeaderFlaw("two tensors of one name") }
        for tensor in tensors {
            guard alignment.isMultiple(of: tensor.alignment),
                tensor.byteCount.isMultiple(of: tensor.alignment)
            else { throw HeaderFlaw("'\(tensor.name)' cannot be aligned to \(tensor.alignment)") }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var fields: [String] = []
        if !metadata.isEmpty {
            fields.append(
                "\"__metadata__\":\(String(decoding: try encoder.encode(metadata), as: UTF8.self))")
        }
        var offset = 0
        for tensor in tensors {
            let name = String(decoding: try encoder.encode(tensor.name), as: UTF8.self)
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            let end = offset + tensor.byteCount
            fields.append(
                "\(name):{\"dtype\":\"\(tensor.elementType.rawValue)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var json = Array("{\(fields.joined(separator: ","))}".utf8)
        let padding = (alignment - (8 + json.count) % alignment) % alignment
        json += Array(repeating: UInt8(ascii: " "), count: padding)
        return withUnsafeBytes(of: UInt64(json.count).littleEndian, Array.init) + json
    }

    private static func write(
        _ header: [UInt8], _ tensors: [Tensor], to path: FilePath
    ) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try file.closeAfter {
            try file.writeAll(header)
            for tensor in tensors {
                var written = 0
                try tensor.produce { bytes in
                    written += try file.writeAll(bytes)
                }
                guard written == tensor.byteCount else {
                    throw HeaderFlaw(
                        "'\(tensor.name)' came as \(written) bytes instead of \(tensor.byteCount)")
                }
            }
            guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
    }

    /// Puts the file in place and makes the new name durable.
    private static func rename(_ from: FilePath, _ to: FilePath) throws {
        let result = from.withPlatformString { old in
            to.withPlatformString { new in Glibc.rename(old, new) }
        }
        guard result == 0 else { throw Errno(rawValue: errno) }
        let parent = to.removingLastComponent()
        let folder = try FileDescriptor.open(
            parent.isEmpty ? "." : parent, .readOnly, options: [.directory, .closeOnExec])
        try folder.closeAfter {
            guard fsync(folder.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
    }
}
