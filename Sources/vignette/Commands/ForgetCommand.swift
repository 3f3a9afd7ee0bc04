import ArgumentParser
import Captioning
import Catalogue
import Daemon
import Finding
import SystemPackage
import WorkQueue

/// Forgets what is known of files that cannot be reached.
struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Forget files that will not come back, or what a former model found them by.",
        discussion: """
            Files on a disk that is not mounted, in a folder that is not there or not watched any more, \
            are kept for ever unless you say otherwise. Files that can be reached stay: delete those \
            themselves, or move them away. What people wrote stays for good.

            With --embeddings nothing of files is forgotten, but the embeddings that other models than the one \
            in use made, as soon as that one has looked at every picture: they take about as much room as \
            its own, and are of use to whoever goes back to such a model.

            EXAMPLES
              vignette forget /mnt/old-disk
              vignette forget /mnt/old-disk --yes
              vignette forget --embeddings
            """)

    @Argument(help: "A folder, with all that is below it, or a file.")
    var folder: PathArgument?

    @Flag(help: "Forget the embeddings of models that are not in use.")
    var embeddings = false

    @Option(help: "The model in use, whose embeddings stay; the one that watches otherwise.")
    var model: String?

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (folder != nil) != embeddings else {
            throw ValidationError("name a folder or file, or say --embeddings")
        }
        guard embeddings || model == nil else {
            throw ValidationError("--model goes with --embeddings alone")
        }
    }

    func run() throws {
        let settings = try common.settings()
        let catalogue = try Catalogue(at: settings.catalogue, access: .visitor)
        defer { catalogue.close() }
        if let folder {
            try forget(try folder.real, in: catalogue, settings)
        } else {
            try forgetEmbeddings(in: catalogue, settings)
        }
    }

    private func forgetEmbeddings(in catalogue: Catalogue, _ settings: Settings) throws {
        let model = try ModelLocator(models: settings.models).find(model ?? settings.model)
        let recipe = try Meaning.recipe(of: model)
        let found = try catalogue.embeddings(exceptBy: recipe)
        var forgotten = 0
        if !found.isEmpty {
            let models = Set(found.map { "'\($0.model)'" }).sorted().joined(separator: ", ")
            let count = found.reduce(0) { $0 + $1.count }
            let bytes = ByteText.size(Int64(found.reduce(0) { $0 + $1.bytes }))
            let question =
                "Forget \(count) embeddings by \(models), \(bytes)? Pictures are found by those of "
                + "'\(recipe.model)'."
            guard try yes || Confirmation.ask(question, flag: "--yes") else {
                throw CommandFailure("nothing was forgotten")
            }
            forgotten = try catalogue.forgetEmbeddings(exceptBy: recipe)
        }
        if common.json { return try JSONLine.write(["embeddings": forgotten]) }
        StandardOutput.write(
            found.isEmpty
                ? "there are no embeddings of other models than '\(recipe.model)'\n"
                : "forgot \(forgotten) embeddings\n")
    }

    private func forget(
        _ path: FilePath, in catalogue: Catalogue, _ settings: Settings
    ) throws {
        let found = try catalogue.forgetting(under: path)
        guard found.files > 0 else {
            if common.json { return try write(found) }
            let kept = found.reachable > 0 ? "; \(Self.count(found.reachable)) can be reached" : ""
            StandardOutput.write(
                "nothing to forget below \(PathText(path).display)\(kept)\n")
            return
        }
        if !yes {
            let question =
                "Forget \(Self.count(found.files)) below \(PathText(path).display), and the "
                + "descriptions of \(found.assets) pictures and clips that lie nowhere else?"
            guard try Confirmation.ask(question, flag: "--yes") else {
                throw CommandFailure("nothing was forgotten")
            }
        }
        let forgotten = try catalogue.forget(under: path)
        WakeFile.touch(for: settings.catalogue)
        if common.json { return try write(forgotten) }
        StandardOutput.write(
            "forgot \(Self.count(forgotten.files)) and the descriptions of "
                + "\(forgotten.assets) pictures and clips\n")
    }

    private static func count(_ files: Int) -> String {
        files == 1 ? "1 file" : "\(files) files"
    }

    private func write(_ forgotten: Forgetting) throws {
        try JSONLine.write([
            "files": forgotten.files, "descriptions": forgotten.assets,
            "reachable": forgotten.reachable,
        ])
    }
}
