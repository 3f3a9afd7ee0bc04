import ArgumentParser
import Daemon
import Foundation
import SystemPackage

/// Writes what is installed beside the program and made of the same definitions as its help.
struct DocumentationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "documentation",
        abstract:
            "Write manual pages, completions for shells, and the configuration with its defaults.",
        discussion: """
            For those who pack the program. Below the folder are then man/man1, man/man5, man/man8, completions/bash, \
            completions/zsh, completions/fish, and vignette.yaml.

            EXAMPLES
              vignette documentation -o share
            """,
        shouldDisplay: false)

    @Option(name: .shortAndLong, help: "The folder to write into; it is made if need be.")
    var output: PathArgument

    func run() throws {
        let version = Vignette.configuration.version
        let tool = try ToolDescription(of: Vignette.self)
        for (file, text) in CommandManual(tool, version: version).pages() {
            try write(text, to: "man/man1/\(file)")
        }
        try write(ConfigurationManual.page(version: version), to: "man/man5/vignette.yaml.5")
        try write(ServiceManual.page(version: version), to: "man/man8/vignette.service.8")
        for name in ["vignette-page.service", "vignette-page.socket"] {
            try write(".so man8/vignette.service.8\n", to: "man/man8/\(name).8")
        }
        for (file, text) in CompletionScripts.files(of: Vignette.self) {
            try write(text, to: "completions/\(file)")
        }
        try write(SettingsDocument.text, to: "vignette.yaml")
    }

    private func write(_ text: String, to name: String) throws {
        let file = output.path.pushing(FilePath(name))
        let folder = file.removingLastComponent().string
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file.string), options: .atomic)
    }
}
