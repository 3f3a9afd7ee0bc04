import JSONScanning
import SystemPackage
import Tensor

/// `model.safetensors.index.json` or `pytorch_model.bin.index.json`: which shard holds which tensor.
struct ShardIndex {
    static let maximumByteCount = SafetensorsHeader.maximumByteCount

    /// Tensor name to shard file name.
    let shards: [String: String]

    /// Reads an index.
    ///
    /// - Throws: `CheckpointError` where it cannot be read, is no such JSON, lists a tensor twice or
    ///   names a shard outside its own folder.
    init(_ path: FilePath) throws(CheckpointError) {
        do {
            let file = try MappedFile(path)
            guard file.bytes.count <= Self.maximumByteCount else {
                throw HeaderFlaw("\(file.bytes.count) bytes are no index")
            }
            // The scanner sees the mapping's memory only, not the object that keeps it mapped.
            shards = try withExtendedLifetime(file) { try Self.shards(in: file.bytes) }
        } catch let errno as Errno {
            throw CheckpointError(
                path, "cannot be read", advice: "Check that it is a file you may read.",
                cause: errno)
        } catch {
            throw CheckpointError(path, "is no usable index of shards", cause: error)
        }
    }

    private static func shards(in json: UnsafeRawBufferPointer) throws -> [String: String] {
        var scanner = JSONScanner(json)
        var shards: [String: String]?
        try scanner.object { scanner, key in
            guard key == "weight_map" else { return try scanner.skipValue() }
            guard shards == nil else { throw HeaderFlaw("'weight_map' stands twice") }
            shards = try weightMap(from: &scanner)
        }
        try scanner.expectEnd()
        guard let shards else { throw HeaderFlaw("the key 'weight_map' is missing") }
        return shards
    }

    private static func weightMap(from scanner: inout JSONScanner) throws -> [String: String] {
        var shards: [String: String] = [:]
        try scanner.object { scanner, name in
            let shard = try scanner.string()
            guard isPlainFileName(shard) else {
                throw HeaderFlaw("'\(abbreviated(shard))' is no name of a shard in this folder")
            }
            guard shards.updateValue(shard, forKey: name) == nil else {
                throw HeaderFlaw("the tensor '\(abbreviated(name))' is listed twice")
            }
            guard shards.count <= SafetensorsHeader.maximumTensorCount else {
                throw HeaderFlaw("more than \(SafetensorsHeader.maximumTensorCount) tensors")
            }
        }
        return shards
    }

    /// Whether a name stays within the folder: an index must not make us open other files.
    private static func isPlainFileName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && !name.contains("..") && name.utf8.count <= 255
            && !name.utf8.contains(UInt8(ascii: "/")) && !name.utf8.contains(0)
    }
}
