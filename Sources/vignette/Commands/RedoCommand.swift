import ArgumentParser
import Captioning
import Catalogue
import Daemon
import Foundation
import SystemPackage
import WorkQueue

/// Has pictures described again.
struct RedoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redo",
        abstract: "Describe pictures and clips again, with another model or other questions.",
        discussion: """
            Chooses, of what has been described, all that the present model and questions have not \
            described yet; files that are named, whatever described them. Every text stays in force \
            until the new one is stored, and what people wrote stays for good. A running daemon takes \
            the work up at once, behind new files; otherwise the next watch or scan does.

            EXAMPLES
              vignette redo                               all that older models described
              vignette redo ~/Pictures/2024 --dry-run
              vignette redo --described-by demo --model llava-mini-llama-3.1-8b-q4
              vignette redo --before 2025-01-31 --tag dog
            """)

    @Argument(help: "Files, or folders with all that is below them; everything if none is named.")
    var paths: [PathArgument] = []

    @Option(help: "Only what this model described: its name, or NAME@VERSION.")
    var describedBy: String?

    @Option(help: "Only what was described before this day (2025-01-31), or this moment.")
    var before: DateArgument?

    @Option(help: "Only what has this tag.")
    var tag: String?

    @Flag(help: "Say how many there are, and change nothing.")
    var dryRun = false

    @OptionGroup var model: ModelOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let settings = try common.settings(model.flags)
        let captioner = try model.captioner(settings)
        let catalogue = try Catalogue(
            at: settings.catalogue, access: dryRun ? .reader : .visitor)
        let recipe = captioner.recipe
        let selection = RedoSelection(
            paths: try paths.map { try $0.real }, describedBy: describedBy, before: before?.date,
            tag: tag?.lowercased(), includesCurrent: try namesFilesOnly())
        let count =
            dryRun
            ? try catalogue.redoCandidates(selection, wanting: recipe)
            : try catalogue.redo(selection, wanting: recipe)
        catalogue.close()
        if !dryRun { WakeFile.touch(for: settings.catalogue) }
        try report(count, by: captioner.identity.label)
    }

    /// Whoever names single files means them, whatever described them.
    private func namesFilesOnly() throws -> Bool {
        !paths.isEmpty
            && paths.allSatisfy {
                var isDirectory: ObjCBool = false
                return FileManager.default.fileExists(
                    atPath: $0.path.string, isDirectory: &isDirectory) && !isDirectory.boolValue
            }
    }

    private func report(_ count: Int, by label: String) throws {
        if common.json {
            return try JSONLine.write(RedoLine(pictures: count, model: label, isDryRun: dryRun))
        }
        let pictures = count == 1 ? "1 picture or clip" : "\(count) pictures and clips"
        StandardOutput.write(
            "\(pictures) \(dryRun ? "would" : "will") be described again by \(label)\n")
    }

    private struct RedoLine: Encodable {
        let pictures: Int
        let model: String
        let isDryRun: Bool
    }
}

/// A day or a moment on the command line, in ISO 8601.
struct DateArgument: ExpressibleByArgument {
    let date: Date

    init?(argument: String) {
        let moment = try? Date(argument, strategy: .iso8601)
        guard let date = moment ?? Self.day(argument) else { return nil }
        self.date = date
    }

    /// The beginning of a day here.
    private static func day(_ text: String) -> Date? {
        guard let match = text.wholeMatch(of: /(\d{4})-(\d{2})-(\d{2})/) else { return nil }
        let components = DateComponents(
            year: Int(match.1), month: Int(match.2), day: Int(match.3))
        let calendar = Calendar(identifier: .gregorian)
        guard components.isValidDate(in: calendar) else { return nil }
        return calendar.date(from: components)
    }
}
