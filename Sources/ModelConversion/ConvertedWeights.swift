import LLaVAMini
import SystemPackage

/// The weight files of a converted checkpoint: the model's, and in the vision tower's folder what
/// embeddings take.
///
/// They are two, because search opens the second one alone, and because a model that was packed
/// without it gets it by one file that is added.
struct ConvertedWeights {
    private let files: [(path: FilePath, weights: WeightFile)]

    /// Plans the files of a folder.
    init(_ source: ConversionSource, bits: WeightBits, in folder: FilePath) {
        let tower = folder.appending(CompanionFiles.towerFolder)
        files = [
            (folder.appending("model.safetensors"), WeightFile(source.entries, bits: bits)),
            (tower.appending("model.safetensors"), WeightFile(source.embedding, bits: bits)),
        ].filter { !$0.1.isEmpty }
    }

    /// How large they will be together.
    ///
    /// - Throws: `CheckpointError`.
    func byteCount() throws -> Int {
        try files.reduce(0) { try $0 + $1.weights.byteCount(for: $1.path) }
    }

    /// Writes them, and then reads them back.
    ///
    /// - Parameters:
    ///   - progress: Called with the bytes of the source that have been passed over.
    ///   - verifying: Called with the bytes that have been compared.
    /// - Returns: what was written, of all of them.
    /// - Throws: `ConversionError` or `CheckpointError`.
    func write(
        _ progress: (Int) -> Void, verifying: (Int) -> Void
    ) throws -> WeightFile.Record {
        var (records, done): ([WeightFile.Record], Int) = ([], 0)
        for file in files {
            var part = 0
            records.append(
                try file.weights.write(to: file.path) {
                    part = $0
                    progress(done + part)
                })
            done += part
        }
        done = 0
        for (file, record) in zip(files, records) {
            var part = 0
            try file.weights.verify(file.path, against: record) {
                part = $0
                verifying(done + part)
            }
            done += part
        }
        return records.reduce(into: WeightFile.Record()) { $0.merge($1) }
    }
}
