public import SystemPackage
public import Tensor

/// One safetensors file, mapped, with every word of its header checked.
///
/// Reading costs the header only; numbers come from the disk when they are first used. The file
/// must not be cut short while it is mapped.
public struct SafetensorsFile: TensorFile {
    /// The file.
    public let path: FilePath
    /// The tensors in a number format that the engine computes with.
    public let weights: [String: Weights]
    /// The other tensors: their number format's name, such as `I64`.
    public let unusable: [String: String]
    /// What the writer noted about the file.
    public let metadata: [String: String]
    /// Bytes of the header.
    public let headerByteCount: Int

    /// Maps a file and reads its header.
    ///
    /// - Throws: `CheckpointError` where the file cannot be read or contradicts itself.
    public init(_ path: FilePath) throws(CheckpointError) {
        self.path = path
        let file = try MappedFile(forReading: path)
        let header: SafetensorsHeader
        do {
            header = try withExtendedLifetime(file) { try SafetensorsHeader(of: file.bytes) }
        } catch {
            throw CheckpointError(path, "is no usable safetensors file", cause: error)
        }
        // The header's text is not needed again.
        file.discardPages()
        headerByteCount = header.byteCount
        var weights: [String: Weights] = [:]
        var unusable: [String: String] = [:]
        for entry in header.entries {
            guard let elementType = entry.type.elementType else {
                unusable[entry.name] = abbreviated(entry.type.name)
                continue
            }
            weights[entry.name] = Weights(
                elementType: elementType, shape: entry.shape, file: file, range: entry.range)
        }
        self.weights = weights
        self.unusable = unusable
        metadata = header.metadata
    }
}
