import Captioning
import Catalogue
import Daemon
import Foundation
import LLaVAMini
import Logging
import MediaDecoding
import SystemPackage

/// What `watch` and `scan` have in common: settings, catalogue, model and decoder, all checked
/// before the work begins.
struct DaemonParts {
    let settings: Settings
    let catalogue: Catalogue
    let captioner: Captioner
    let decoderProgram: FilePath
    let logger: Logger

    /// Prepares everything; a missing folder, decoder, tensor or lock ends here, in words.
    init(_ options: DaemonOptions) throws {
        let settings = try options.settings()
        try self.init(settings, try settings.captioner())
    }

    /// Prepares all but the model, which is there but perhaps not loaded.
    ///
    /// - Throws: What is wrong with the model; `CatalogueError`.
    init(_ settings: Settings, _ captioner: Captioner) throws {
        self.settings = settings
        self.captioner = captioner
        logger = Log.make(settings)
        decoderProgram = try DecoderLocation.find()
        // The whole checkpoint is checked now rather than at the first picture.
        let notice = try captioner.loaded().configuration.notice
        catalogue = try Catalogue(
            at: settings.catalogue, access: .owner,
            onMigration: UpgradeProgress(logger).show)
        if let notice { logger.warning("\(captioner.identity.name): \(notice)") }
    }
}

/// What the command line says of `watch` and `scan`, by which settings can be read again and again.
struct DaemonOptions {
    let common: CommonOptions
    let flags: [SettingKey: String]
    let folders: [PathArgument]

    init(_ common: CommonOptions, _ model: ModelOptions, _ log: LogOptions, folders: [PathArgument])
    {
        self.common = common
        flags = model.flags.merging(log.flags) { $1 }
        self.folders = folders
    }

    /// The settings in force, with at least one folder.
    func settings() throws -> Settings {
        var settings = try common.settings(flags)
        if !folders.isEmpty {
            settings.folders = try folders.map { try Self.folder($0.path) }
        }
        guard !settings.folders.isEmpty else {
            throw CommandFailure(
                "no folder to look at: name one, or list 'folders' in "
                    + (settings.configurationFile ?? common.paths.configurationFiles[0]).string)
        }
        return settings
    }

    /// An absolute path without symbolic links, so that one folder is one root however it is named.
    private static func folder(_ path: FilePath) throws -> FilePath {
        let absolute = StandardPaths().absolute(path)
        let resolved = absolute.withPlatformString { realpath($0, nil) }
        guard let resolved else {
            throw CommandFailure("\(PathText(path).display): \(String(cString: strerror(errno)))")
        }
        defer { free(resolved) }
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(
            atPath: String(cString: resolved), isDirectory: &isDirectory)
        guard !exists || isDirectory.boolValue else {
            throw CommandFailure(
                "\(PathText(path).display): not a folder; for single files use 'vignette caption'")
        }
        return FilePath(platformString: resolved)
    }
}

/// A failure in words, for exit status 1.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
