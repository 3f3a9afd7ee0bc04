import ArgumentParser
import Daemon
import LLaVAMini
import ModelConversion
import ModelHub
import SystemPackage

/// Fetches a model from the hub.
struct ModelPullCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetch a model from the Hugging Face hub.",
        discussion: """
            Without a name this fetches the released LLaVA-Mini checkpoint, \
            ICTNLP/llava-mini-llama-3.1-8b, with its vision tower. Only the files that are needed \
            come, over several connections; each is checked against the hub's digest. A download \
            that was interrupted goes on where it stopped when the command is run again. The model \
            appears when it is complete.

            HF_ENDPOINT, HF_TOKEN, HF_HOME and HF_HUB_DOWNLOAD_TIMEOUT mean what they mean to the \
            hub's own programs, whose cache is used where it has the files; HTTPS_PROXY and NO_PROXY \
            are honoured.

            EXAMPLES
              vignette model pull
              vignette model pull --convert 4
              vignette model pull OWNER/NAME@REVISION --name mine
              vignette model pull --offline
            """)

    @Argument(
        help: "The checkpoint's repository, OWNER/NAME or OWNER/NAME@REVISION.",
        transform: Self.repository)
    var repository: RepositoryName = .released

    @Option(help: "What to call the model here; the repository's name otherwise.")
    var name: String?

    @Option(help: "Connections that bring bytes at once.")
    var connections = 4

    @Flag(help: "Ask nothing of the network: take everything from the hub's cache.")
    var offline = false

    @Option(
        help: "Pack the weights in 4 or 8 bits afterwards, and delete what was fetched.",
        transform: Self.bits)
    var convert: WeightBits?

    @Flag(help: "Keep what was fetched when the weights are packed.")
    var keepOriginals = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (1...16).contains(connections) else {
            throw ValidationError("--connections must be from 1 to 16")
        }
        guard ModelStore.isName(name ?? repository.name) else {
            throw ValidationError("'\(name ?? repository.name)' cannot be the name of a model")
        }
    }

    private static func repository(_ text: String) throws -> RepositoryName {
        guard let repository = RepositoryName(text) else {
            throw ValidationError("'\(text)' is not of the form OWNER/NAME or OWNER/NAME@REVISION")
        }
        return repository
    }

    private static func bits(_ text: String) throws -> WeightBits {
        guard let bits = Int(text).flatMap(WeightBits.init) else {
            throw ValidationError("--convert is 4 or 8, not \(text)")
        }
        return bits
    }

    func run() throws {
        let result = try pull()
        let store = ModelStore(common.paths.models)
        let folder = try PulledModelConversion(
            bits: convert, keepsOriginals: keepOriginals, store: store
        ).run(result.folder)
        if common.json {
            return try JSONLine.write(PulledLine(result, folder: folder))
        }
        let name = folder.lastComponent?.string ?? ""
        let state = result.wasThere ? "is there already" : "is complete and verified"
        StandardOutput.write(
            """
            \(Style.bold(name)) \(state): \(PathText(folder).display)
            Describe with it: vignette watch --model \(name) FOLDER

            """)
    }

    private func pull() throws -> ModelPuller.Result {
        var environment = try HubEnvironment()
        if offline { environment.isOffline = true }
        let puller = ModelPuller(
            into: ModelStore(common.paths.models), environment: environment,
            settings: PullSettings(connections: connections))
        let progress = TransferProgress()
        defer { progress.finish() }
        return try puller.pull(repository, as: name ?? repository.name) { progress.show($0) }
    }
}

/// What `model pull --json` says.
private struct PulledLine: Encodable {
    let path: PathText
    let wasThere: Bool
    let sources: [SourceManifest.Source]
    let bytes: Int64

    init(_ result: ModelPuller.Result, folder: FilePath) {
        path = PathText(folder)
        wasThere = result.wasThere
        sources = result.manifest.sources
        bytes = result.manifest.files.reduce(0) { $0 + $1.bytes }
    }
}
