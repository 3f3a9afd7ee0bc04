import ArgumentParser
import Foundation
import Glibc
import SystemPackage

/// Lets the system's service see a folder.
struct AddFolderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-folder",
        abstract: "Let the system's service see a folder.",
        discussion: """
            Looks who may read the folder and what is in it, and writes drop-ins for vignette.service and \
            vignette-page.service: groups that these need, and where homes are hidden from them, the folder alone. No \
            mode and no owner of anything is changed; what only its owner may read is named, with what would help. \
            Afterwards it says what is left to do.

            EXAMPLES
              vignette service add-folder /srv/photos --dry-run
              sudo vignette service add-folder /home/anna/Pictures
              sudo vignette service add-folder /srv/photos --sidecars
            """)

    @Argument(help: "The folder.", completion: .directory)
    var folder: PathArgument

    @Flag(help: "Let the service write XMP sidecars there, too.")
    var sidecars = false

    @Flag(help: "Say what would be written, and write nothing.")
    var dryRun = false

    @Option(help: "Write below this folder instead of '/'.", completion: .directory)
    var root: PathArgument?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let path = try folder.real
        let access = try FolderAccess(of: path, isWritten: sidecars)
        let dropIn = FolderDropIn(access)
        let system = FilePath("etc/systemd/system")
        let base = (root?.path ?? "/").pushing(system)
        let files = ["vignette.service.d", "vignette-page.service.d"].map {
            base.appending($0).appending(dropIn.name)
        }
        if !dryRun {
            for file in files { try write(dropIn.text, to: file) }
        }
        try report(access, dropIn, files)
    }

    private func write(_ text: String, to file: FilePath) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
            let output = try OutputFile(file)
            try output.write(text)
            try output.finish()
        } catch let error as CocoaError {
            throw CommandFailure(
                "\(file.removingLastComponent()) cannot be made: \(error.localizedDescription)")
        }
    }

    private func report(
        _ access: FolderAccess, _ dropIn: FolderDropIn, _ files: [FilePath]
    ) throws {
        if common.json {
            return try JSONLine.write(
                AddedFolder(
                    folder: PathText(access.folder), groups: access.groups.map(\.name),
                    files: files.map(PathText.init), content: dropIn.text, isDryRun: dryRun,
                    problems: access.problems))
        }
        let verb = dryRun ? "would write" : "wrote"
        for file in files { StandardOutput.write("\(verb) \(PathText(file).display)\n") }
        StandardOutput.write(
            "\n" + dropIn.text.split(separator: "\n").map { "  \($0)\n" }.joined() + "\n")
        for problem in access.problems { StandardOutput.write("Beware: \(problem)\n") }
        StandardOutput.write(
            """
            Then: list \(PathText(access.folder).display) under 'folders' in /etc/vignette/vignette.yaml, and
              systemctl daemon-reload && systemctl restart vignette.service
            Removing the \(files.count == 1 ? "file" : "files") and saying this again takes it back.

            """)
    }

    private struct AddedFolder: Encodable {
        let folder: PathText
        let groups: [String]
        let files: [PathText]
        let content: String
        let isDryRun: Bool
        let problems: [String]
    }
}
