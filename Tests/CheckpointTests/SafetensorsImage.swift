import SystemPackage
import Tensor
import TestSupport

@testable import Checkpoint

/// The bytes of a safetensors file around a header that a test wrote by hand.
func safetensors(_ header: String, length: UInt64? = nil, data: Int = 0) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return withUnsafeBytes(of: length.littleEndian, Array.init) + Array(header.utf8)
        + Array(repeating: 7, count: data)
}

/// Puts bytes into a file of the test's own.
func write(_ bytes: [UInt8], to path: FilePath) throws {
    let file = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
    _ = try file.closeAfter { try file.writeAll(bytes) }
}

/// A tensor of counting bytes.
func counting(_ name: String, _ type: ElementType, _ shape: [Int]) -> SafetensorsWriter.Tensor {
    let count = shape.reduce(type.byteCount, *)
    return SafetensorsWriter.Tensor(
        name: name, elementType: type, shape: shape,
        bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0) })
}

/// The numbers of a tensor, copied while their file is surely mapped.
func contents(of weights: Weights) -> [UInt8] {
    withExtendedLifetime(weights) { Array(weights.bytes) }
}

/// The bytes of a file.
func contents(of path: FilePath) throws -> [UInt8] {
    let file = try MappedFile(path)
    return withExtendedLifetime(file) { Array(file.bytes) }
}
