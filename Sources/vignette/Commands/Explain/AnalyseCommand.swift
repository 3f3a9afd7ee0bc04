import ArgumentParser
import Captioning
import Catalogue
import Daemon
import LLaVAMini
import Logging
import MediaDecoding
import SystemPackage

/// Shows who attends to whom in the model, layer by layer.
struct AnalyseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyse",
        abstract: "Measure which tokens of the model attend to which, layer by layer.",
        discussion: """
            The model answers a question about each picture, and what its tokens attend to is summed: those of the \
            text, of the picture, of what it was compressed to and of the answer, through the layers of pre-fusion and \
            of the language model. Beside it the same weights run as LLaVA, with every patch in the language model. Also \
            measured is what is left of an answer where the picture's tokens are dropped from a layer on. The folder \
            gets tables (.csv, .json), plots (.svg, .png) and index.html, which holds all of it. Ctrl-C ends the \
            work early; what was seen by then is written, and the exit status is 3.

            EXAMPLES
              vignette analyse beach.jpg -o attention
              vignette analyse --sample 200 -o attention
              vignette analyse beach.jpg --mode mini --question "Is there a boat?" -o attention
            """)

    @Argument(help: "Pictures.")
    var files: [PathArgument] = []

    @Option(help: "Take so many pictures from the catalogue, spread evenly over it.")
    var sample: Int?

    @Option(
        help: "Only the model's own way (mini), or only as LLaVA (llava).",
        transform: AnalyseCommand.mode)
    var mode: AttentionAnalysis.Mode?

    @Option(help: "What is asked about each picture; what captions answer unless given.")
    var question: String?

    @Option(name: .shortAndLong, help: "The folder to write into; made where it is not there.")
    var output: PathArgument

    @OptionGroup var model: ModelOptions
    @OptionGroup var common: CommonOptions

    /// The most pictures of one analysis.
    private static let mostPictures = 10_000

    private static func mode(_ name: String) throws -> AttentionAnalysis.Mode {
        guard let mode = AttentionAnalysis.Mode(rawValue: name) else {
            throw ValidationError("--mode is mini or llava")
        }
        return mode
    }

    func validate() throws {
        guard (sample != nil) != !files.isEmpty else {
            throw ValidationError("name pictures, or say --sample")
        }
        guard sample.map((1...Self.mostPictures).contains) ?? true else {
            throw ValidationError("--sample is 1 to \(Self.mostPictures)")
        }
        guard question?.allSatisfy(\.isWhitespace) != true else {
            throw ValidationError("the question is empty")
        }
    }

    func run() throws {
        StopSignals.prepare(status: Self.unfinishedStatus)
        let settings = try common.settings(model.flags)
        let decoder = Decoder(
            executable: try DecoderLocation.find(), limits: settings.decoderLimits)
        defer { decoder.close() }
        let logger = Log.make(settings)
        let captioner = try model.captioner(settings)
        if let notice = try captioner.loaded().configuration.notice {
            logger.warning("\(captioner.identity.name): \(notice)")
        }
        let paths = try pictures(settings)
        let folder = try AnalysisFolder(StandardPaths().absolute(output.path))
        let analysis = try AnalysisPass(
            paths, captioner: captioner, decoder: decoder, question: question,
            modes: mode.map { [$0] } ?? Set(AttentionAnalysis.Mode.allCases))
        try StopSignals.run(analysis, logger: logger)
        try folder.write(analysis.result)
        if common.json {
            try JSONLine.write(analysis.result.report)
        } else {
            StandardOutput.write(
                "\(analysis.result.pictures.count) pictures; "
                    + "\(PathText(folder.path.appending("index.html")).display) shows all of it\n")
        }
        guard analysis.isFinished else { throw ExitCode(Self.unfinishedStatus) }
        guard analysis.failures == 0 else { throw ExitCode.failure }
    }

    /// The exit status where the work was asked to end before it was done.
    private static let unfinishedStatus: Int32 = 3

    private func pictures(_ settings: Settings) throws -> [FilePath] {
        guard let sample else { return files.map { StandardPaths().absolute($0.path) } }
        let catalogue = try Catalogue(at: settings.catalogue, access: .reader)
        defer { catalogue.close() }
        let paths = try catalogue.spreadStills(sample)
        guard !paths.isEmpty else {
            throw CommandFailure(
                "the catalogue has no pictures that can be looked at; 'vignette scan' takes them in"
            )
        }
        return paths
    }
}

extension Catalogue {
    /// A file of so many stills, spread evenly over the catalogue.
    ///
    /// - Throws: `CatalogueError`.
    fileprivate func spreadStills(_ count: Int) throws -> [FilePath] {
        var stills: [Int64] = []
        while true {
            let page = try self.stills(after: stills.last ?? 0, limit: 10_000)
            stills += page.map(\.asset)
            guard page.count == 10_000 else { break }
        }
        let wanted = min(count, stills.count)
        return try (0..<wanted).compactMap { place in
            try files(of: stills[place * stills.count / wanted]).first
        }
    }
}
