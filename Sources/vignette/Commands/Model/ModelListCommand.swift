import ArgumentParser
import Captioning
import Daemon
import Foundation
import ModelHub
import SystemPackage

/// The models that can be used, and downloads that were not finished.
struct ModelListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the models on this machine.",
        discussion: """
            The star marks the model that the settings choose.

            EXAMPLES
              vignette model list
              vignette model list --json
            """)

    @OptionGroup var common: CommonOptions

    func run() throws {
        let lines = try ModelShelf(settings: try common.settings()).lines()
        if common.json {
            for line in lines { try JSONLine.write(line) }
            return
        }
        var table = Table()
        for line in lines {
            table.add(
                line.inUse ? "*" : " ", Style.bold(line.name), ByteText.size(line.bytes),
                line.bits.map { "\($0) bits" } ?? "-", line.state.rawValue)
        }
        StandardOutput.write(table.text())
    }
}

/// One model as `model list` shows it.
struct ModelLine: Encodable {
    /// What can be done with it.
    enum State: String, Encodable {
        /// Comes with the program.
        case bundled
        /// Stands in the models folder.
        case complete
        /// A download that was not finished.
        case partial
    }
    let name: String
    let path: PathText
    /// What its files take on the disk.
    let bytes: Int64
    /// How many bits most of its weights have; nil where its files do not say.
    let bits: Int?
    /// Whether the settings choose it.
    let inUse: Bool
    let state: State
}

/// All models that this person's settings reach.
struct ModelShelf {
    let settings: Settings
    var store: ModelStore { ModelStore(settings.models) }

    /// The folder that the settings choose; nil where that fails.
    private var chosen: FilePath? {
        try? ModelLocator(models: store.folder).find(settings.model)
    }

    /// The models that come with the program, by name.
    static var bundled: [(name: String, folder: FilePath)] {
        ModelLocator(models: StandardPaths().models).bundledModels.compactMap { folder in
            folder.lastComponent.map { ($0.string, folder) }
        }
    }

    /// A line for each model and for each partial download.
    func lines() throws -> [ModelLine] {
        let chosen = chosen?.lexicallyNormalized()
        func line(_ name: String, _ folder: FilePath, _ state: ModelLine.State) -> ModelLine {
            ModelLine(
                name: name, path: PathText(folder), bytes: FolderSize.bytes(of: folder),
                bits: state == .partial ? nil : WeightFormat(folder: folder)?.bits,
                inUse: folder.lexicallyNormalized() == chosen, state: state)
        }
        let own = try store.entries().flatMap { entry in
            [
                entry.model.map { line(entry.name, $0, .complete) },
                entry.partial.map { line(entry.name, $0, .partial) },
            ].compactMap { $0 }
        }
        return own + Self.bundled.map { line($0.name, $0.folder, .bundled) }
    }
}
