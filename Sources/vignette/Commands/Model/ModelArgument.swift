import ArgumentParser
import Captioning
import Daemon
import SystemPackage

/// The model that a command is about.
struct ModelArgument: ParsableArguments {
    @Argument(help: "A model's name or folder; the one that the settings choose otherwise.")
    var model: String?

    /// Its folder.
    func folder(_ settings: Settings) throws -> FilePath {
        try ModelLocator(models: settings.models).find(model ?? settings.model)
    }
}
