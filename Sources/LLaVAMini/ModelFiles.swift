public import ModelLoading
public import SystemPackage

/// The configuration files that a checkpoint folder's model is described by, wherever they stand.
public struct ModelFiles: Sendable {
    /// The checkpoint's `config.json`.
    public let configuration: FilePath
    /// Where the vision tower's own files are.
    public let towerFolder: FilePath
    /// The vision tower's `config.json`.
    public let towerConfiguration: FilePath
    /// The `preprocessor_config.json` that counts: the tower's, or the checkpoint's.
    public let preprocessor: FilePath

    /// Finds the files.
    ///
    /// - Throws: `ModelError` naming what is not there.
    public init(folder: FilePath) throws(ModelError) {
        configuration = folder.appending("config.json")
        let tower = try VisionTowerFiles(
            model: try ConfigurationFile(configuration), folder: folder)
        towerFolder = tower.folder
        towerConfiguration = tower.configuration.path
        preprocessor = tower.preprocessor.path
    }
}
