import ArgumentParser
import Catalogue

/// Lists tags.
struct TagsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tags",
        abstract: "List tags with the number of pictures that have them.",
        discussion: """
            EXAMPLES
              vignette tags
              vignette tags --limit 20 sea
            """)

    @Argument(help: "Only tags that contain this text.")
    var text = ""

    @Option(help: "Most tags.")
    var limit = 100

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be above zero") }
    }

    func run() throws {
        let catalogue = try common.reader()
        var table = Table()
        for (name, count) in try catalogue.tags(matching: text.lowercased(), limit: limit) {
            if common.json {
                try JSONLine.write(TagLine(tag: name, count: count))
            } else {
                table.add(String(count), name)
            }
        }
        StandardOutput.write(table.text())
    }

    private struct TagLine: Encodable {
        let tag: String
        let count: Int
    }
}
