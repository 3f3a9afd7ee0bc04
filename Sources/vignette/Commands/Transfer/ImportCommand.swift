import ArgumentParser
import Catalogue
import Daemon
import Foundation
import SystemPackage

/// Takes in what an export says.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take in what another catalogue says about pictures and clips.",
        discussion: """
            Reads what 'vignette export' has written, and may be repeated. Pictures are known by their content, \
            wherever they lie. Nothing that is here is lost: models' words are added where that model has not \
            described the picture here, a person's where nobody has said anything here.

            What is said of pictures that are not here is kept until they come: a person's words for good, those of \
            models for 90 days. So a new catalogue gets all texts back, and nothing has to be described \
            again: import first, then scan.

            EXAMPLES
              vignette import library.jsonl
              vignette export by:human | ssh nas vignette import -
            """)

    @Argument(help: "A file of 'vignette export'; '-' is standard input.")
    var file: PathArgument

    @OptionGroup var common: CommonOptions

    /// Lines that go into one transaction.
    private static let linesAtOnce = 256

    func run() throws {
        let settings = try common.settings()
        let catalogue = try Self.open(settings.catalogue)
        defer { catalogue.close() }
        var outcome = ImportOutcome()
        var lines: [ExportedAsset] = []
        var bar = CountedProgress(total: nil)
        func takeLines() throws {
            guard !lines.isEmpty else { return }
            outcome += try catalogue.import(lines, by: EditDesk.importer)
            lines = []
        }
        try BoundedInput.forEachLine(of: file.path) { number, line in
            do {
                lines.append(try JSONDecoder().decode(ExportedAsset.self, from: line))
            } catch {
                outcome.refused += 1
                StandardError.write(
                    "vignette: line \(number): not of 'vignette export' (\(Self.reason(error)))\n")
            }
            if lines.count >= Self.linesAtOnce { try takeLines() }
            bar.draw(number)
        }
        try takeLines()
        bar.clear()
        WakeFile.touch(for: settings.catalogue)
        try say(outcome)
        if outcome.refused > 0 { throw ExitCode.failure }
    }

    /// The catalogue, made if there is none; as its owner unless one is at work, since only an owner copies SQLite's
    /// log, in which an import comes to hundreds of megabytes, back into the file.
    private static func open(_ path: FilePath) throws -> Catalogue {
        do {
            return try Catalogue(at: path, access: .owner)
        } catch CatalogueError.alreadyOwned {
            return try Catalogue(at: path, access: .visitor)
        }
    }

    private func say(_ outcome: ImportOutcome) throws {
        if common.json {
            return try JSONLine.write([
                "changed": outcome.changed, "unchanged": outcome.unchanged, "kept": outcome.kept,
                "refused": outcome.refused,
            ])
        }
        var parts = ["\(outcome.changed) taken in", "\(outcome.unchanged) known already"]
        if outcome.kept > 0 { parts.append("\(outcome.kept) of your words kept as they are here") }
        if outcome.refused > 0 { parts.append("\(outcome.refused) lines refused") }
        StandardOutput.write(parts.joined(separator: ", ") + "\n")
    }

    private static func reason(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _)?: "there is no '\(key.stringValue)'"
        case .typeMismatch(_, let context)?, .valueNotFound(_, let context)?:
            "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is of another kind"
        default: "no JSON object"
        }
    }
}

extension EditDesk {
    /// Whoever imports.
    static var importer: EditAuthor { EditAuthor(.import, name: author.name) }
}
