import ModelLoading
import SystemPackage

/// The vision tower's own files: its shape, its processor and, perhaps, its weights.
struct VisionTowerFiles {
    /// The folder that `mm_vision_tower` names.
    let folder: FilePath
    /// The tower's `config.json`.
    let configuration: ConfigurationFile
    /// Its `preprocessor_config.json`, or the one in the checkpoint's folder.
    let preprocessor: ConfigurationFile

    /// Finds and reads the files.
    ///
    /// - Throws: `ModelError` saying where they were looked for.
    init(model: ConfigurationFile, folder checkpoint: FilePath) throws(ModelError) {
        let name = try model.text("mm_vision_tower")
        let candidates = try Self.candidates(name, model: model, checkpoint: checkpoint)
        let found = candidates.first { FilePresence.exists($0.appending("config.json")) }
        guard let found else {
            let places = candidates.map(\.string).joined(separator: ", ")
            throw model.wrong(
                "mm_vision_tower",
                "is '\(name)', and none of these folders holds its config.json: \(places). "
                    + "Put the vision tower's repository into one of them")
        }
        folder = found
        configuration = try ConfigurationFile(found.appending("config.json"))
        let own = found.appending("preprocessor_config.json")
        let shared = checkpoint.appending("preprocessor_config.json")
        let usesShared = !FilePresence.exists(own) && FilePresence.exists(shared)
        preprocessor = try ConfigurationFile(usesShared ? shared : own)
    }

    /// A path as it stands, then a hub name's last component inside and beside the checkpoint.
    private static func candidates(
        _ name: String, model: ConfigurationFile, checkpoint: FilePath
    ) throws(ModelError) -> [FilePath] {
        guard !name.isEmpty, name.utf8.count <= 4096,
            !name.unicodeScalars.contains(where: { $0.value < 32 })
        else {
            throw model.wrong("mm_vision_tower", "is no name of a folder")
        }
        let path = FilePath(name)
        guard !path.isAbsolute else { return [path] }
        var candidates = [checkpoint.pushing(path)]
        if let last = path.lastComponent, last.kind == .regular {
            let beside = checkpoint.lexicallyNormalized().removingLastComponent()
            candidates += [checkpoint.appending(last), beside.appending(last)]
        }
        return candidates.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
