import Captioning
import Catalogue
import Daemon
import Finding
import JSONScanning
import MCP
import MediaDecoding
import Synchronization
import SystemPackage
import Web

/// The tool that has the model look at pictures again; one question at a time.
final class AskTool: Sendable {
    /// So many of the pictures that a search finds, unless more are wanted.
    private static let mostSearched = 16

    private static let schema = ToolOutput.schema(
        [
            "question": ToolOutput.text, "answer": ToolOutput.text, "model": ToolOutput.text,
            "paths": ToolOutput.paths,
            "restsOn": ToolOutput.list(
                [
                    "path": ToolOutput.path, "second": ToolOutput.number,
                    "share": ToolOutput.number,
                ], required: ["path", "share"]),
        ], required: ["question", "answer", "model", "paths", "restsOn"])

    private let desk: LibraryDesk
    private let decoder: FilePath
    /// The model, kept once it was asked.
    private let captioner = Mutex<Captioner?>(nil)

    private init(_ desk: LibraryDesk, decoder: FilePath) {
        (self.desk, self.decoder) = (desk, decoder)
    }

    static func make(_ desk: LibraryDesk, decoder: FilePath) -> Tool {
        let ask = AskTool(desk, decoder: decoder)
        return Tool(
            "ask", title: "Ask about pictures",
            description: """
                Lets the model look at pictures of the library, or at one clip, and answer a question about them. \
                Several pictures are one album in the order in which they were taken; 'restsOn' says by which of them \
                the answer came about. Takes seconds to minutes; one question at a time. Give paths, or a search.
                """,
            parameters: [
                Parameter(
                    "question", .text(mostCharacters: Asking.longestQuestion),
                    "The question, in English.", isRequired: true),
                .paths(
                    "Pictures, or one clip, by the paths that other tools gave.",
                    most: Asking.mostPictures, isRequired: false),
                Parameter(
                    "search", .text(mostCharacters: 2000),
                    "Take the stills that this finds instead, as 'search' does."),
                Parameter(
                    "limit", .integer(1...Asking.mostPictures),
                    "The most pictures of a search; \(mostSearched) unless said."),
            ], output: schema, pace: .slow
        ) { try ask.answer($0, $1) }
    }

    private func answer(
        _ arguments: Arguments, _ cancellation: Cancellation
    ) throws -> JSONValue {
        let question = arguments["question"]?.string ?? ""
        guard !question.allSatisfy(\.isWhitespace) else {
            throw ProtocolFault.badParameters("the question is empty")
        }
        let files = try desk.read(cancellation) { try self.files(arguments, $0) }
        let captioner = try self.model()
        return try desk.decode(decoder, cancellation) { decoder in
            let stop = { cancellation.isCancelled }
            let album = try Album(files, decoder: decoder)
            // Writing the answer is one step more.
            let steps = album.expectedCount + 1
            cancellation.tell(0, of: steps, "looking")
            let asking = try album.show(
                to: captioner, asking: [question], decoder: decoder,
                onPicture: { cancellation.tell(min($0, steps - 1), of: steps, "looking") },
                shouldStop: stop)
            let answers = try asking.answers(shouldStop: stop)
            guard let answer = answers.first else { throw CommandFailure("there is no answer") }
            return try ToolOutput.value(
                AnswerLine(answer, album: album, model: captioner.identity.label))
        }
    }

    private func model() throws -> Captioner {
        try captioner.withLock { kept in
            if let kept { return kept }
            let captioner = try desk.settings.captioner()
            kept = captioner
            return captioner
        }
    }

    /// The files that are asked about.
    private func files(_ arguments: Arguments, _ catalogue: Catalogue) throws -> [AlbumFile] {
        let paths = arguments.texts("paths")
        guard paths.isEmpty != (arguments["search"]?.string == nil) else {
            throw ProtocolFault.badParameters("give 'paths' or 'search', and not both")
        }
        guard paths.isEmpty else {
            return try paths.map { path in
                let asset = try desk.asset(of: path, catalogue)
                guard let file = try file(FilePath(path), of: asset, catalogue) else {
                    throw CommandFailure(
                        "\(path.printable): out of reach at present, or changed since it was described"
                    )
                }
                return file
            }
        }
        let wanted = arguments["search"]?.string ?? ""
        let query = try SearchQuery(
            typed: wanted, filters: desk.scope.filters + [SearchFilter(.kind(.still))],
            limit: arguments["limit"]?.integer ?? Self.mostSearched)
        let found = try desk.search(catalogue).page(query).page.hits.compactMap { found in
            try desk.scope.narrowed(found.hit).flatMap { hit in
                try hit.files.first.flatMap { try file($0.path, of: hit.assetID, catalogue) }
            }
        }
        guard !found.isEmpty else { throw NothingFound(query: wanted) }
        return found
    }

    /// Where a picture is opened, whichever of its files can be; `nil` where none can.
    private func file(
        _ path: FilePath, of asset: Int64, _ catalogue: Catalogue
    ) throws -> AlbumFile? {
        guard let source = try catalogue.file(ofAsset: asset),
            let place = try desk.originals(catalogue).place(of: source)
        else { return nil }
        return AlbumFile(path, opened: place.path, beneath: place.folder)
    }
}
