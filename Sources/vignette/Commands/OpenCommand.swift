import ArgumentParser
import Daemon
import Foundation
import Glibc
import Web

/// Lets a browser into the page.
struct OpenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Let a browser into the page that 'serve' shows.",
        discussion: """
            Prints a link that lets one browser in, once and within five minutes, and opens it where there is a desktop. \
            Whoever may write into the folder of the catalogue may do this.

            EXAMPLES
              vignette open
              vignette open --print
              vignette open --print --listen 127.0.0.1:9000
            """)

    @Option(
        help: ArgumentHelp(
            "Where the page is, as 'serve' has it.", valueName: "address:port"))
    var listen: ListenAddress?

    @Flag(name: .customLong("print"), help: "Only print the link.")
    var isOnlyPrinted = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        let settings = try common.settings()
        let token = try OneTimeTokens(PageFolder(of: settings.catalogue)).make()
        let link = "http://\(listen ?? .standard)/open?token=\(token)"
        StandardOutput.write(link + "\n")
        if !isOnlyPrinted { Self.open(link) }
    }

    /// Hands the link to the desktop; where there is none, it was printed.
    private static func open(_ link: String) {
        let environment = ProcessInfo.processInfo.environment
        guard environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil else { return }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/xdg-open")
        process.arguments = [link]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try? process.run()
    }
}
