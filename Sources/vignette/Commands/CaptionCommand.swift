import ArgumentParser
import Captioning
import Daemon
import LLaVAMini
import Logging
import MediaDecoding
import SystemPackage

/// Describes single files without any catalogue.
struct CaptionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "caption",
        abstract: "Describe files at once, without keeping anything.",
        discussion: """
            EXAMPLES
              vignette caption beach.jpg
              vignette caption --json clip.mp4
              vignette caption --prompt "How many boats are there?" beach.jpg
            """)

    @Argument(help: "Pictures and clips.")
    var files: [PathArgument]

    @Option(help: "What to ask in place of a description.")
    var prompt: String?

    @OptionGroup var model: ModelOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if prompt?.allSatisfy(\.isWhitespace) == true {
            throw ValidationError("--prompt is empty; give a question, or leave it out")
        }
    }

    func run() throws {
        var settings = try common.settings(model.flags)
        if let prompt { settings.captioning.captionPrompt = prompt }
        let captioner = try model.captioner(settings)
        let decoder = Decoder(
            executable: try DecoderLocation.find(), limits: settings.decoderLimits)
        let logger = Log.make(settings)
        defer { decoder.close() }
        if let notice = try captioner.loaded().configuration.notice {
            logger.warning("\(captioner.identity.name): \(notice)")
        }
        let run = CaptionRun(captioner: captioner, decoder: decoder, isJSON: common.json)
        let failures = try files.filter { try !run.describe($0.path) }
        if !failures.isEmpty { throw ExitCode.failure }
    }
}

/// Describes one file after the other; a bad one is named and does not stop the rest.
private struct CaptionRun {
    let captioner: Captioner
    let decoder: Decoder
    let isJSON: Bool

    /// - Returns: Whether the file could be described.
    /// - Throws: Errors that are not the file's.
    func describe(_ path: FilePath) throws -> Bool {
        do {
            let description = try look(at: StandardPaths().absolute(path))
            let label = captioner.identity.label
            if isJSON {
                try JSONLine.write(DescribedLine(path: PathText(path), description, model: label))
            } else {
                StandardOutput.write(ResultLine.text(path: PathText(path).display, description))
            }
            return true
        } catch let error as DecodingError {
            StandardError.write("vignette: \(PathText(path).display): \(error.reason)\n")
            return false
        }
    }

    private func look(at path: FilePath) throws -> PictureDescription {
        let probe = try decoder.probe(path)
        let edge = try captioner.minimumShortEdge()
        switch probe.kind {
        case .still: return try captioner.describe(decoder.still(path, minimumShortEdge: edge))
        case .video:
            var clip = try captioner.beginClip(duration: probe.duration)
            try decoder.frames(path, minimumShortEdge: edge) { try clip.add($0) }
            guard clip.frameCount > 0 else {
                throw DecodingError.rejected(path, reason: "the clip holds no frame")
            }
            return try clip.finish()
        }
    }
}

extension DecodingError {
    /// What went wrong, without the path.
    var reason: String {
        switch self {
        case .unreadable(_, let code): "cannot be read: \(code)"
        case .rejected(_, let reason): reason
        case .childFailed(_, let reason): "decoding failed: \(reason)"
        case .cancelled: "cancelled"
        }
    }
}
