import LLaVAMini
import ModelConversion
import ModelHub
import SystemPackage

/// What may follow a download: packing the weights, and deleting what that makes superfluous.
struct PulledModelConversion {
    /// What was asked for on the command line; nil to ask whoever sits at the terminal.
    let bits: WeightBits?
    /// Whether the files that were fetched stay whatever happens.
    let keepsOriginals: Bool
    let store: ModelStore

    /// Converts a model that was fetched, if that is wanted.
    ///
    /// - Returns: The folder to describe with: the converted model, or the one that was fetched.
    /// - Throws: `ConversionError` and what reading the model throws; the fetched model stays then.
    func run(_ model: FilePath) throws -> FilePath {
        let format = WeightFormat(folder: model)
        let isPacked = format.map { $0.bits <= 8 } ?? false
        guard !isPacked, let bits = try wantedBits(model) else { return model }
        let name = model.lastComponent?.string ?? "model"
        let target = store.folder.appending("\(name)-q\(bits.rawValue)")
        if store.entry("\(name)-q\(bits.rawValue)")?.model == nil {
            try convert(model, to: target, bits)
        }
        if try mayDelete(name, model) { _ = try store.remove(name) }
        return target
    }

    private func convert(_ model: FilePath, to target: FilePath, _ bits: WeightBits) throws {
        let sources = try SourceManifest(in: model)?.sources ?? []
        var conversion = ModelConversion(from: model, to: target, bits: bits)
        // A released checkpoint may hold what only its training needed.
        conversion.ignoresUnexpected = true
        StandardError.write("packing the weights in \(bits.rawValue) bits\n")
        var progress = ConversionProgress()
        defer { progress.clear() }
        _ = try conversion.run { progress.update($0) }
        // From now on the packed files are what 'model verify' holds against.
        try SourceManifest(recording: target, sources: sources).write(into: target)
    }

    private func wantedBits(_ model: FilePath) throws -> WeightBits? {
        if let bits { return bits }
        guard Confirmation.isPossible else { return nil }
        let size = ByteText.size(FolderSize.bytes(of: model))
        let question = "Pack its weights in 4 bits, about a quarter of \(size)?"
        return try Confirmation.ask(question) ? .four : nil
    }

    private func mayDelete(_ name: String, _ model: FilePath) throws -> Bool {
        if keepsOriginals { return false }
        // Who asked for the conversion on the command line was told there what it deletes.
        if bits != nil { return true }
        let size = ByteText.size(FolderSize.bytes(of: model))
        return try Confirmation.ask("Delete the files that were fetched, \(size)?")
    }
}
