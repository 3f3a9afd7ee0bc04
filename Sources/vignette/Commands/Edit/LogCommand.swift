import ArgumentParser
import Catalogue
import Daemon
import Foundation
import SystemPackage

/// Tells who changed what of a picture's texts.
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Tell who changed what of pictures' texts, and when.",
        discussion: """
            The oldest edit comes first. --undo takes the last one back that still counts, and may be \
            repeated; what it took back stays in the log.

            EXAMPLES
              vignette log ~/Pictures/beach.jpg
              vignette log ~/Pictures/beach.jpg --undo
            """)

    @Argument(help: "Files below a watched folder.")
    var files: [PathArgument]

    @Flag(help: "Take the last edit of each file back.")
    var undo = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        let settings = try common.settings()
        let catalogue = try Catalogue(at: settings.catalogue, access: undo ? .visitor : .reader)
        defer { catalogue.close() }
        if undo {
            try EditDesk(catalogue: catalogue, printsJSON: common.json).undo(files.map(\.path))
            return WakeFile.touch(for: settings.catalogue)
        }
        for file in files {
            let asset = try catalogue.picture(in: file.path).asset.id
            let lines = try catalogue.edits(of: asset).map { LoggedEdit($0, of: file.path) }
            for line in lines where common.json { try JSONLine.write(line) }
            guard !common.json else { continue }
            StandardOutput.write(Style.bold(PathText(file.path).display) + "\n")
            if lines.isEmpty { StandardOutput.write("  nobody has edited it\n") }
            for line in lines { StandardOutput.write("  \(line.text)\n") }
        }
    }
}

/// An edit, for programs by its keys and for people as a line.
struct LoggedEdit: Encodable {
    let path: PathText
    let edit: String
    let at: Date
    let by: String
    let through: String
    let undoes: String?
    let undone: Bool
    let change: EditChange

    init(_ record: EditRecord, of path: FilePath) {
        self.path = PathText(path)
        edit = record.uuid
        at = record.at
        by = record.author.name
        through = record.author.origin.rawValue
        undoes = record.undoes
        undone = record.isUndone
        change = record.change
    }

    /// `2026-01-31 10:02  anna (page)  caption: "a violin" → "Anna"; +anna −violin`.
    var text: String {
        let parts =
            [("caption", change.caption), ("title", change.title)].compactMap { field, step in
                step.map { "\(field): \(Self.words($0.from)) → \(Self.words($0.to))" }
            } + [tags].filter { !$0.isEmpty }
        let note = undoes != nil ? " (an edit taken back)" : undone ? " (taken back since)" : ""
        let moment = at.formatted(
            Date.VerbatimFormatStyle(
                format: """
                    \(year: .defaultDigits)-\(month: .twoDigits)-\(day: .twoDigits) \
                    \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\
                    \(minute: .twoDigits)
                    """, timeZone: .current, calendar: Calendar(identifier: .gregorian)))
        return "\(moment)  \(by) (\(through))  \(parts.joined(separator: "; "))\(note)".printable
    }

    private var tags: String {
        (change.tags ?? [:]).sorted { $0.key < $1.key }.map { name, step in
            switch step.to {
            case nil: "·\(name)"
            case ""?: "−\(name)"
            case let written?: "+\(written)"
            }
        }.joined(separator: " ")
    }

    private static func words(_ text: String?) -> String {
        guard let text else { return "(no word)" }
        return text.isEmpty ? "(none)" : "“\(text)”"
    }
}
