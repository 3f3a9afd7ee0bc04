import ArgumentParser
import Captioning
import Catalogue
import Daemon
import Finding
import LLaVAMini
import Logging
import MediaDecoding
import SystemPackage

/// Answers questions about pictures and clips.
struct AskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask",
        abstract: "Ask about a picture, a clip, or several pictures.",
        discussion: """
            The question comes last. Several pictures, at most \(Asking.mostPictures), are looked at as an album in the order \
            in which they were taken; under the answer stands which of them it rests on, by the attention that it paid \
            to the question's words and these to each; of a clip, which seconds. --search takes the pictures from the catalogue. Several \
            questions, each with --question, cost one look at the pictures.

            EXAMPLES
              vignette ask beach.jpg "How many boats are there?"
              vignette ask clip.mp4 "What happens?"
              vignette ask --search "boat in:2019" "Where are the boats?"
              vignette ask beach.jpg --question "Is there a dog?" --question "Is it night?"
            """)

    @Argument(help: "Pictures, or one clip; and the question, unless --question gives it.")
    var words: [PathArgument] = []

    @Option(help: "A question; may be repeated.")
    var question: [String] = []

    @Option(help: "Take the pictures that this finds, as 'vignette search' does.")
    var search: String?

    @Option(help: "The most pictures that --search takes.")
    var limit = 16

    @OptionGroup var model: ModelOptions
    @OptionGroup var common: CommonOptions

    private var questions: [String] {
        question.isEmpty ? words.suffix(1).map { $0.path.string } : question
    }

    private var files: [FilePath] {
        (question.isEmpty ? words.dropLast() : words[...]).map(\.path)
    }

    func validate() throws {
        guard !questions.isEmpty else { throw ValidationError("there is no question") }
        for question in questions {
            guard !question.allSatisfy(\.isWhitespace) else {
                throw ValidationError("the question is empty")
            }
            guard question.count <= Asking.longestQuestion else {
                throw ValidationError(
                    "the question has \(question.count) characters; at most "
                        + "\(Asking.longestQuestion) are taken")
            }
        }
        guard (search != nil) != !files.isEmpty else {
            throw ValidationError("name a picture or clip before the question, or say --search")
        }
        guard files.count <= Asking.mostPictures else {
            throw ValidationError(
                "\(files.count) pictures; at most \(Asking.mostPictures) are looked at together")
        }
        guard (1...Asking.mostPictures).contains(limit) else {
            throw ValidationError("--limit is 1 to \(Asking.mostPictures)")
        }
    }

    func run() throws {
        let settings = try common.settings(model.flags)
        let captioner = try model.captioner(settings)
        let decoder = Decoder(
            executable: try DecoderLocation.find(), limits: settings.decoderLimits)
        defer { decoder.close() }
        if let notice = try captioner.loaded().configuration.notice {
            Log.make(settings).warning("\(captioner.identity.name): \(notice)")
        }
        let album = try Album(
            (search == nil ? files.map { StandardPaths().absolute($0) } : found(settings))
                .map { AlbumFile($0) },
            decoder: decoder)
        let asking = try album.show(to: captioner, asking: questions, decoder: decoder)
        let printer = AnswerPrinter(
            album: album, model: captioner.identity.label, printsJSON: common.json,
            questions: questions)
        try printer.print(asking)
    }

    /// What the catalogue finds that can be looked at, which is said.
    private func found(_ settings: Settings) throws -> [FilePath] {
        let catalogue = try Catalogue(at: settings.catalogue, access: .reader)
        defer { catalogue.close() }
        let query = try SearchQuery(typed: search ?? "", limit: limit)
        let (page, _) = try TypedSearch(
            catalogue: catalogue, chosen: model.model, settings: settings
        ).page(query)
        let paths = page.hits.filter { $0.hit.kind == .still }
            .compactMap { $0.hit.files.first { $0.isOnline }?.path }
        guard !paths.isEmpty else { throw NothingFound(query: search ?? "") }
        return paths
    }
}

/// A search that has nothing to ask about.
struct NothingFound: Error, CustomStringConvertible {
    let query: String

    var description: String {
        "no picture that can be looked at is found by '\(query.printable)'; "
            + "'vignette search' shows what is"
    }
}
