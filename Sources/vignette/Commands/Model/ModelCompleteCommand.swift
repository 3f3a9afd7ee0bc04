import ArgumentParser
import CLIP
import Daemon
import FileSystem
import LLaVAMini
import ModelConversion
import ModelHub
import SystemPackage

/// Adds to a packed model what search by meaning and likeness take.
struct ModelCompleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "complete",
        abstract: "Add what search by meaning takes to a model that was packed without it.",
        discussion: """
            Models that earlier versions packed have their vision tower alone, not the rest of the \
            CLIP that it is a part of. This adds it, in 8 bits, and changes nothing else: texts that \
            the model has written stay its own. The CLIP comes from the hub, unless --from names \
            its folder, and is deleted afterwards; what was interrupted goes on when the command \
            is run again.

            EXAMPLES
              vignette model complete llava-mini-llama-3.1-8b-q4
              vignette model complete llava-mini-llama-3.1-8b-q4 --from ~/clip-vit-large-patch14-336
            """)

    @OptionGroup var model: ModelArgument

    @Option(help: "A folder that holds the whole CLIP.")
    var from: PathArgument?

    @Option(
        help: "The CLIP's repository, OWNER/NAME or OWNER/NAME@REVISION.",
        transform: Self.repository)
    var repository: RepositoryName?

    @Flag(help: "Ask nothing of the network: take everything from the hub's cache.")
    var offline = false

    @OptionGroup var common: CommonOptions

    private static func repository(_ text: String) throws -> RepositoryName {
        guard let repository = RepositoryName(text) else {
            throw ValidationError("'\(text)' is not of the form OWNER/NAME or OWNER/NAME@REVISION")
        }
        return repository
    }

    func validate() throws {
        guard from == nil || repository == nil else {
            throw ValidationError("give either --from or --repository")
        }
    }

    func run() throws {
        let folder = try model.folder(try common.settings())
        let support = try EmbeddingSupport(folder: folder)
        if support.pictures == .usable {
            return try report(folder, bytes: 0)
        }
        try EmbeddingAddition.check(folder)
        // Not among the models, where the newest folder would be taken for one.
        let store = ModelStore(common.paths.models.appending(".clip"))
        let name = try wantedRepository(folder)
        let clip = try from?.path ?? fetched(name, into: store)
        var progress = ConversionProgress()
        defer { progress.clear() }
        let bytes = try EmbeddingAddition(to: folder, from: clip).run { progress.update($0) }
        progress.clear()
        if from == nil { _ = try store.remove(name.name) }
        try report(folder, bytes: bytes)
    }

    /// What was asked for, or where the model's own vision tower came from.
    private func wantedRepository(_ folder: FilePath) throws -> RepositoryName {
        if let repository { return repository }
        let sources = try SourceManifest(in: folder)?.sources ?? []
        let known = sources.dropFirst().first.flatMap { RepositoryName($0.repository) }
        return known ?? .releasedTower
    }

    private func fetched(_ name: RepositoryName, into store: ModelStore) throws -> FilePath {
        var environment = try HubEnvironment()
        if offline { environment.isOffline = true }
        let puller = ModelPuller(into: store, environment: environment)
        let progress = TransferProgress()
        defer { progress.finish() }
        return try puller.pull(name, as: name.name, part: .visionTower) { progress.show($0) }.folder
    }

    private func report(_ folder: FilePath, bytes: Int) throws {
        let support = try EmbeddingSupport(folder: folder)
        if common.json {
            return try JSONLine.write(
                CompletedLine(
                    path: PathText(folder), bytesAdded: bytes,
                    texts: support.texts == .usable, pictures: support.pictures == .usable))
        }
        let state = bytes == 0 ? "has it already" : "has got \(ByteText.size(Int64(bytes))) more"
        StandardOutput.write(
            """
            \(Style.bold(folder.lastComponent?.string ?? folder.string)) \(state)
            search by meaning: \(EmbeddingText(support).text)

            """)
    }
}

/// What `model complete --json` says.
private struct CompletedLine: Encodable {
    let path: PathText
    let bytesAdded: Int
    let texts: Bool
    let pictures: Bool
}
