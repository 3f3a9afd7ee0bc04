public import SystemPackage
public import Tensor

/// A checkpoint as `torch.save` writes it, such as `pytorch_model.bin`: a zip with a pickle inside.
///
/// Nothing in it is run. Reading costs the archive's directory and the pickle; numbers come from the
/// disk when they are first used. The file must not be cut short while it is mapped.
public struct TorchFile: TensorFile {
    /// The file.
    public let path: FilePath
    /// The tensors in a number format that the engine computes with.
    public let weights: [String: Weights]
    /// The other tensors: their number format's name, such as `I64`.
    public let unusable: [String: String]
    /// Bytes of the pickle.
    public let headerByteCount: Int

    /// Maps a file and reads what it holds.
    ///
    /// - Throws: `CheckpointError` where the file cannot be read, contradicts itself or asks for
    ///   more than tensors need.
    public init(_ path: FilePath) throws(CheckpointError) {
        self.path = path
        let file = try MappedFile(forReading: path)
        let contents: TorchContents
        do {
            contents = try withExtendedLifetime(file) {
                try TorchContents(of: file.bytes, releasePages: { file.discardPages() })
            }
        } catch {
            throw CheckpointError(
                path, "is no usable torch checkpoint", advice: Self.advice, cause: error)
        }
        file.discardPages()
        headerByteCount = contents.pickleByteCount
        var weights: [String: Weights] = [:]
        var unusable: [String: String] = [:]
        for entry in contents.entries {
            guard let elementType = entry.type.elementType else {
                unusable[entry.name] = entry.type.name
                continue
            }
            weights[entry.name] = Weights(
                elementType: elementType, shape: entry.shape, file: file, range: entry.range)
        }
        self.weights = weights
        self.unusable = unusable
    }

    private static let advice =
        "Download it again from a source that you trust, or have it converted to safetensors."
}

extension MappedFile {
    /// Maps a checkpoint's file.
    ///
    /// - Throws: `CheckpointError` where it cannot be opened or is no regular file.
    convenience init(forReading path: FilePath) throws(CheckpointError) {
        do {
            try self.init(path)
        } catch {
            throw CheckpointError(
                path, "cannot be read", advice: "Check that it is a file you may read.",
                cause: error)
        }
    }
}
