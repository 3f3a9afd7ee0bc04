import ArgumentParser
import Daemon
import ModelHub
import SystemPackage

/// Deletes a model, or what was fetched of one.
struct ModelRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Delete a model, or an unfinished download of one.",
        discussion: """
            Descriptions that the model wrote stay. A daemon that uses it goes on with the files it \
            has open until it is restarted.

            EXAMPLES
              vignette model remove llava-mini-llama-3.1-8b
              vignette model remove llava-mini-llama-3.1-8b --force
            """)

    @Argument(help: "The model's name, as 'model list' shows it.")
    var name: String

    @Flag(help: "Do not ask.")
    var force = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        let store = ModelStore(common.paths.models)
        guard let entry = store.entry(name) else {
            throw CommandFailure(refusal(store))
        }
        if !force {
            let paths = [entry.model, entry.partial].compactMap { $0 }
            let bytes = paths.reduce(0) { $0 + FolderSize.bytes(of: $1) }
            let what = entry.model == nil ? "the unfinished download of " : ""
            guard try Confirmation.ask("Delete \(what)\(name), \(ByteText.size(bytes))?") else {
                throw CommandFailure("nothing was deleted")
            }
        }
        let freed = try store.remove(name)
        if common.json {
            return try JSONLine.write(["freedBytes": freed])
        }
        StandardOutput.write("deleted \(name): \(ByteText.size(freed)) free\n")
    }

    private func refusal(_ store: ModelStore) -> String {
        let shown = PathText(FilePath(name)).display
        if ModelShelf.bundled.contains(where: { $0.name == name }) {
            return "\(shown) comes with the program and stays"
        }
        return "no model '\(shown)' in \(store.folder); 'vignette model list' names what there is"
    }
}
