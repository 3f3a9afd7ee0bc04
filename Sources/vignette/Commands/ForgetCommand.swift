import ArgumentParser
import Catalogue
import Daemon
import SystemPackage

/// Forgets what is known of files that cannot be reached.
struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Forget files of a disk or folder that will not come back.",
        discussion: """
            Files on a disk that is not mounted, in a folder that is not there or not watched any more, \
            are kept for ever unless you say otherwise. Files that can be reached stay: delete those \
            themselves, or move them away. What people wrote stays for good.

            EXAMPLES
              vignette forget /mnt/old-disk
              vignette forget /mnt/old-disk --yes
            """)

    @Argument(help: "A folder, with all that is below it, or a file.")
    var folder: PathArgument

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        let settings = try common.settings()
        let path = try folder.real
        let catalogue = try Catalogue(at: settings.catalogue, access: .visitor)
        defer { catalogue.close() }
        let found = try catalogue.forgetting(under: path)
        guard found.files > 0 else {
            if common.json { return try write(found) }
            let kept = found.reachable > 0 ? "; \(Self.count(found.reachable)) can be reached" : ""
            StandardOutput.write(
                "nothing to forget below \(PathText(path).display)\(kept)\n")
            return
        }
        if !yes {
            let question =
                "Forget \(Self.count(found.files)) below \(PathText(path).display), and the "
                + "descriptions of \(found.assets) pictures and clips that lie nowhere else?"
            guard try Confirmation.ask(question, flag: "--yes") else {
                throw CommandFailure("nothing was forgotten")
            }
        }
        let forgotten = try catalogue.forget(under: path)
        WakeFile.touch(for: settings.catalogue)
        if common.json { return try write(forgotten) }
        StandardOutput.write(
            "forgot \(Self.count(forgotten.files)) and the descriptions of "
                + "\(forgotten.assets) pictures and clips\n")
    }

    private static func count(_ files: Int) -> String {
        files == 1 ? "1 file" : "\(files) files"
    }

    private func write(_ forgotten: Forgetting) throws {
        try JSONLine.write([
            "files": forgotten.files, "descriptions": forgotten.assets,
            "reachable": forgotten.reachable,
        ])
    }
}
