import Checkpoint
import LLaVAMini
import SystemPackage
import Tensor

/// A checkpoint that is about to be converted: every tensor found and held against the
/// configuration.
struct ConversionSource {
    /// A tensor that the model needs, and where its numbers are.
    struct Entry {
        let tensor: RequiredTensor
        let weights: Weights
    }

    let folder: FilePath
    let files: ModelFiles
    let configuration: ModelConfiguration
    let entries: [Entry]
    /// What embeddings take beside them, in the vision tower's own folder.
    let embedding: [Entry]

    /// Bytes of all the tensors that are needed.
    var byteCount: Int { (entries + embedding).reduce(0) { $0 + $1.weights.range.count } }

    /// Reads configuration and headers.
    ///
    /// - Parameters:
    ///   - folder: The checkpoint.
    ///   - ignoresUnexpected: Whether tensors that nothing needs are passed over, and what embeddings
    ///     take where it cannot be used.
    /// - Throws: `ModelError` or `CheckpointError` for files that cannot be used, `ConversionError`
    ///   with every tensor that is missing, misshapen or unexpected.
    init(_ folder: FilePath, ignoresUnexpected: Bool) throws {
        self.folder = folder
        configuration = try ModelConfiguration(folder: folder)
        files = try ModelFiles(folder: folder)
        let checkpoint = try CheckpointFolder(folder)
        try Self.checkIsOriginal(checkpoint)
        // As for loading: the checkpoint's own copy of the tower wins.
        let isInside = checkpoint.names.contains { $0.hasPrefix(ModelConfiguration.towerPrefix) }
        let tower = isInside ? nil : try CheckpointFolder(files.towerFolder)

        var mismatch = TensorMismatch()
        var entries: [Entry] = []
        for tensor in configuration.requiredTensors {
            let ownName = tower == nil ? nil : tensor.nameInTowerFolder
            let place = ownName == nil ? checkpoint : tower ?? checkpoint
            guard let weights = mismatch.look(for: tensor, as: ownName ?? tensor.name, in: place)
            else { continue }
            entries.append(Entry(tensor: tensor, weights: weights))
        }
        if !ignoresUnexpected {
            let required = configuration.requiredTensors
            mismatch.lookForUnexpected(in: checkpoint, configuration, Set(required.map(\.name)))
            if let tower {
                let names = Set(required.compactMap(\.nameInTowerFolder))
                mismatch.lookForUnexpected(in: tower, configuration, names)
            }
        }
        try mismatch.check(folder)
        self.entries = entries
        embedding = try Self.embedding(folder, ignoresUnusable: ignoresUnexpected)
    }

    /// What embeddings take; nothing where what there is cannot be used and that is to be passed over.
    private static func embedding(_ folder: FilePath, ignoresUnusable: Bool) throws -> [Entry] {
        do {
            guard let found = try EmbeddingTensors(of: folder) else { return [] }
            let own = try CheckpointFolder(found.folder)
            return found.tensors.compactMap { tensor in
                own[tensor.name].map { Entry(tensor: tensor, weights: $0) }
            }
        } catch {
            guard ignoresUnusable else { throw error }
            return []
        }
    }

    /// Refuses a checkpoint that a conversion has made: what is lost does not come back.
    private static func checkIsOriginal(_ checkpoint: CheckpointFolder) throws(ConversionError) {
        let suffixes = PackedFormat.allCases.map { ".weight.\($0.rawValue)" }
        let isPacked = checkpoint.names.contains { name in suffixes.contains(where: name.hasSuffix)
        }
        guard !isPacked else {
            throw ConversionError(
                checkpoint.folder, "has been converted already",
                advice: "Convert the original checkpoint.")
        }
    }
}
