import ArgumentParser
import Daemon
import FileSystem
import Glibc
import MCP
import MediaDecoding
import SystemPackage

/// Lets assistants use the library.
struct MCPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Let an assistant on this machine use the library.",
        discussion: """
            Speaks the Model Context Protocol over standard input and output; assistants start it. They can search, \
            look at what is known of a file, find what is like it, find seconds of clips, ask about pictures, and see \
            small pictures. They change nothing, and are told of no file that is not in the catalogue; with --folder, \
            of none that does not lie below the folder. Messages go to standard error. It ends with its input.

            EXAMPLES
              vignette mcp
              vignette mcp --folder ~/Pictures/shared
            """)

    @Option(help: "Only what lies below this folder.")
    var folder: PathArgument?

    @OptionGroup var model: ModelOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let settings = try common.settings(model.flags)
        let desk = LibraryDesk(
            settings: settings, scope: LibraryScope(folder: try folder?.real))
        if let folder = desk.scope.folder, (try? FileStatus(at: folder)) == nil {
            StandardError.write(
                "vignette: \(PathText(folder).display): not there at present; nothing is told of any other place\n"
            )
        }
        let decoder = try DecoderLocation.find()
        // Whatever else this program prints goes to standard error, so that the other side gets messages alone.
        let output = try FileDescriptor.standardOutput.duplicate()
        _ = try FileDescriptor.standardError.duplicate(as: .standardOutput)
        let writer = LineWriter(to: output)
        let server = Server(
            name: "vignette", release: Vignette.configuration.version,
            instructions: """
                A library of the user's own pictures and clips, described on this machine. Search first; 'show' tells \
                all that is known of a file, 'ask' lets the model look at pictures again, which takes a while.
                """,
            tools: [
                SearchTool.make(desk), ShowTool.make(desk), SimilarTool.make(desk),
                MomentsTool.make(desk), AskTool.make(desk, decoder: decoder),
            ],
            templates: [ThumbnailResource.make(desk, decoder: decoder)],
            listing: ThumbnailResource.listing(desk)
        ) { writer.write($0) }
        var lines = BoundedLines(of: .standardInput, limit: Server.mostLineBytes)
        while let line = try lines.next() { server.receive(line) }
        server.finish { writer.isHeard }
    }
}
