import ArgumentParser
import Captioning
import Catalogue
import Daemon
import Foundation
import SystemPackage

/// Options that every command has.
struct CommonOptions: ParsableArguments {
    @Option(
        help: "The configuration file to read instead of the usual one.",
        completion: .file(extensions: ["yaml"]))
    var config: PathArgument?

    @Option(help: "The catalogue's file.", completion: .file(extensions: ["sqlite"]))
    var catalogue: PathArgument?

    @Flag(help: "Use the system service's configuration and catalogue instead of one's own.")
    var service = false

    @Flag(help: "One JSON object a line instead of text.")
    var json = false

    /// The settings in force.
    func settings(_ flags: [SettingKey: String] = [:]) throws -> Settings {
        let loader =
            service
            ? SettingsLoader(environment: StandardPaths.serviceEnvironment) : SettingsLoader()
        let file = config?.path ?? (service ? nil : environmentFile)
        var settings = try loader.load(flags: flags, file: file)
        if let catalogue { settings.catalogue = StandardPaths().absolute(catalogue.path) }
        if service { try ServiceFolder(of: settings.catalogue).checkAccess() }
        return settings
    }

    /// Where things live: a person's places, or the service's.
    var paths: StandardPaths { service ? .service : StandardPaths() }

    /// The catalogue, for reading.
    func reader() throws -> Catalogue {
        try Catalogue(at: try settings().catalogue, access: .reader)
    }

    private var environmentFile: FilePath? {
        ProcessInfo.processInfo.environment["VIGNETTE_CONFIG"].map { FilePath($0) }
    }
}

/// Options of the commands that log while they work.
struct LogOptions: ParsableArguments {
    @Option(help: "Messages as 'text', or as 'json': one object a line.")
    var logFormat: LogFormat?

    /// What the options say, by key.
    var flags: [SettingKey: String] {
        var flags: [SettingKey: String] = [:]
        flags[.logFormat] = logFormat?.rawValue
        return flags
    }
}

/// Options of the commands that run the model.
struct ModelOptions: ParsableArguments {
    @Option(help: "A model folder, or the name of one that 'vignette model list' shows.")
    var model: String?

    @Flag(help: "Look at stills in four blocks and as a whole.")
    var hd = false

    /// What the options say, by key.
    var flags: [SettingKey: String] {
        var flags: [SettingKey: String] = [:]
        flags[.model] = model
        if hd { flags[.resolution] = "hd" }
        return flags
    }

    /// The captioner with the model that the settings choose; its notice, if it has one, is said.
    func captioner(_ settings: Settings) throws -> Captioner { try settings.captioner() }
}

extension Settings {
    /// The captioner with the model that they choose.
    ///
    /// - Throws: `ModelLocator.NotFound`; errors of reading the model's configuration.
    func captioner() throws -> Captioner {
        let folder = try ModelLocator(models: models).find(model)
        return try Captioner(folder: folder, settings: captioning, threads: threads)
    }
}
