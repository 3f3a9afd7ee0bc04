public import SystemPackage
public import Tensor

/// All tensors of a checkpoint folder.
///
/// They stand in the first of these that is there, as in the reference: `model.safetensors`, the
/// shards that `model.safetensors.index.json` lists, `pytorch_model.bin`, or the shards that
/// `pytorch_model.bin.index.json` lists.
public struct CheckpointFolder: Sendable {
    /// The folder.
    public let folder: FilePath
    private let weights: [String: Weights]
    /// The tensors that the engine cannot compute with: their number format's name, such as `I64`.
    public let unusable: [String: String]

    /// Maps the folder's files and reads their headers.
    ///
    /// - Throws: `CheckpointError` naming the file, and the tensors, that are missing or wrong.
    public init(_ folder: FilePath) throws(CheckpointError) {
        self.folder = folder
        for format in Format.allCases {
            let single = folder.appending(format.fileName)
            let index = folder.appending(format.indexName)
            if exists(single) {
                let file = try format.read(single)
                (weights, unusable) = (file.weights, file.unusable)
                return
            }
            if exists(index) {
                (weights, unusable) = try Self.tensors(listedBy: index, in: folder, format)
                return
            }
        }
        let names = Format.allCases.flatMap { [$0.fileName, $0.indexName] }
        throw CheckpointError(
            folder, "holds none of \(names.joined(separator: ", "))",
            advice: "Point to the folder of a checkpoint in the safetensors or torch format.")
    }

    /// Whether a folder holds weights in a format that is read.
    public static func isPresent(in folder: FilePath) -> Bool {
        Format.allCases.contains {
            exists(folder.appending($0.fileName)) || exists(folder.appending($0.indexName))
        }
    }

    /// The formats, the preferred one first.
    private enum Format: String, CaseIterable {
        case safetensors = "model.safetensors"
        case torch = "pytorch_model.bin"

        var fileName: String { rawValue }
        var indexName: String { "\(rawValue).index.json" }

        func read(_ path: FilePath) throws(CheckpointError) -> any TensorFile {
            switch self {
            case .safetensors: try SafetensorsFile(path)
            case .torch: try TorchFile(path)
            }
        }
    }

    /// Names of the tensors that the engine can compute with.
    public var names: Set<String> { Set(weights.keys) }

    /// A tensor by its name; nil where it is absent or in a number format that cannot be used.
    public subscript(name: String) -> Weights? { weights[name] }

    /// A tensor of numbers that has to be there in this shape.
    ///
    /// - Throws: `CheckpointError` naming the tensor and what is wrong with it.
    public func tensor(_ name: String, shape: [Int]) throws(CheckpointError) -> Weights {
        let found = try stored(name, shape: shape)
        guard found.elementType != .uint8 else { throw unusable(name, as: "U8") }
        return found
    }

    /// Packed weights that have to be there as so many bytes.
    ///
    /// - Throws: `CheckpointError` naming the tensor and what is wrong with it.
    public func packed(_ name: String, shape: [Int]) throws(CheckpointError) -> Weights {
        let found = try stored(name, shape: shape)
        guard found.elementType == .uint8 else {
            throw unusable(name, as: found.elementType.rawValue)
        }
        return found
    }

    private func unusable(_ name: String, as type: String) -> CheckpointError {
        CheckpointError(
            folder, "has '\(name)' as \(type), which cannot be computed with",
            advice: Self.wrongModel)
    }

    private func stored(_ name: String, shape: [Int]) throws(CheckpointError) -> Weights {
        guard let found = weights[name] else {
            if let type = unusable[name] { throw unusable(name, as: type) }
            throw CheckpointError(
                folder, "lacks the tensor '\(name)'", advice: Self.wrongModel)
        }
        guard found.shape == shape else {
            throw CheckpointError(
                folder, "has '\(name)' in the shape \(found.shape) instead of \(shape)",
                advice: Self.wrongModel)
        }
        return found
    }

    private static let wrongModel =
        "Check that weights and config.json come from the same LLaVA-Mini checkpoint in F32, F16 "
        + "or BF16."

    private static func tensors(
        listedBy path: FilePath, in folder: FilePath, _ format: Format
    ) throws(CheckpointError) -> (weights: [String: Weights], unusable: [String: String]) {
        let index = try ShardIndex(path)
        let shardNames = Set(index.shards.values)
        let missing = shardNames.filter { !exists(folder.appending($0)) }
        guard missing.isEmpty else {
            throw CheckpointError(
                folder, "lacks the shards \(listed(missing))",
                advice: "Download or copy the files that \(path.lastComponent?.string ?? "") lists."
            )
        }
        var shards: [String: any TensorFile] = [:]
        var headerByteCount = 0
        for name in shardNames.sorted() {
            let shard = try format.read(folder.appending(name))
            headerByteCount += shard.headerByteCount
            guard headerByteCount <= SafetensorsHeader.maximumByteCount else {
                throw CheckpointError(
                    folder, "has shards with more tensors than any model",
                    advice: CheckpointError.damaged)
            }
            shards[name] = shard
        }
        try checkForDuplicates(shards)

        let absent = index.shards.filter { name, shard in
            shards[shard]?.weights[name] == nil && shards[shard]?.unusable[name] == nil
        }
        if let (_, shard) = absent.min(by: { $0.value < $1.value }) {
            let names = absent.filter { $0.value == shard }.keys
            throw CheckpointError(
                folder.appending(shard), "lacks the tensors \(listed(names)) that the index lists")
        }
        // Tensors that stand in a shard and not in the index are no part of the checkpoint.
        return (
            index.shards.reduce(into: [:]) { $0[$1.key] = shards[$1.value]?.weights[$1.key] },
            index.shards.reduce(into: [:]) { $0[$1.key] = shards[$1.value]?.unusable[$1.key] }
        )
    }

    /// Refuses a tensor that two shards hold: one of them is left over from another checkpoint.
    private static func checkForDuplicates(
        _ shards: [String: any TensorFile]
    ) throws(CheckpointError) {
        var owners: [String: String] = [:]
        for (shard, file) in shards.sorted(by: { $0.key < $1.key }) {
            for name in Array(file.weights.keys) + Array(file.unusable.keys) {
                guard let other = owners.updateValue(shard, forKey: name) else { continue }
                throw CheckpointError(
                    file.path,
                    "holds the tensor '\(abbreviated(name))' that \(other) holds as well",
                    advice: "Keep the shards of one checkpoint in a folder of their own.")
            }
        }
    }
}
