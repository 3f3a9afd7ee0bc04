import ArgumentParser
import Catalogue
import Daemon
import SystemPackage

/// Says how far sidecars and catalogue agree.
struct SidecarsStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Count sidecars, and list where people disagree, with both texts.",
        discussion: """
            EXAMPLES
              vignette sidecars status
              vignette sidecars status ~/Pictures/2024 --json
            """)

    @Argument(help: "Files, or folders with all that is below them; everything if none is named.")
    var paths: [PathArgument] = []

    @OptionGroup var common: CommonOptions

    func run() throws {
        let settings = try common.settings()
        let catalogue = try Catalogue(at: settings.catalogue, access: .reader)
        let paths = try paths.map { try $0.real }
        let counts = try catalogue.sidecarCounts(below: paths)
        let conflicts = try catalogue.sidecarConflicts(below: paths)
        let failures = try catalogue.sidecarFailures(below: paths)
        if common.json {
            return try JSONLine.write(
                StatusLine(
                    write: settings.sidecarWriting.rawValue, pictures: counts.pictures,
                    sidecars: counts.sidecars, written: counts.written,
                    conflicts: conflicts.map { ConflictLine($0.path, $0.conflict) },
                    failures: failures.map {
                        FailureLine(path: PathText($0.path), reason: $0.reason)
                    }))
        }
        var lines = [
            "sidecars.write is '\(settings.sidecarWriting.rawValue)'",
            "\(counts.pictures) pictures and clips are described, "
                + "\(counts.written) were brought in line",
            "\(counts.sidecars) sidecars are known",
        ]
        for (path, conflict) in conflicts {
            lines.append("\(PathText(path).display): conflict in the \(conflict.field)")
            lines.append("  here:  \(SidecarReport.quoted(conflict.here))")
            lines.append("  there: \(SidecarReport.quoted(conflict.there))")
        }
        for (path, reason) in failures { lines.append("\(PathText(path).display): \(reason)") }
        StandardOutput.write(lines.joined(separator: "\n") + "\n")
    }

    private struct StatusLine: Encodable {
        let write: String
        let pictures: Int
        let sidecars: Int
        let written: Int
        let conflicts: [ConflictLine]
        let failures: [FailureLine]
    }

    private struct FailureLine: Encodable {
        let path: PathText
        let reason: String
    }
}

/// A conflict for programs.
struct ConflictLine: Encodable {
    let path: PathText
    let field: String
    let here: String
    let there: String

    init(_ path: FilePath, _ conflict: SidecarConflict) {
        self.path = PathText(path)
        field = conflict.field
        here = conflict.here
        there = conflict.there
    }
}
