import ArgumentParser
import Catalogue

/// Lists tags.
struct TagsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tags",
        abstract: "List tags with the number of pictures that have them.",
        discussion: """
            Models give tags, and so do people: keywords in pictures and in the XMP sidecars beside them \
            count, too. How many pictures have a tag from people is said beside it.

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
        for tag in try catalogue.tags(matching: text.lowercased(), limit: limit) {
            if common.json {
                try JSONLine.write(
                    TagLine(
                        tag: tag.name, written: tag.written, count: tag.count,
                        sidecar: tag.fromSidecars))
            } else {
                let (count, name) = (String(tag.count), tag.written ?? tag.name)
                if tag.fromSidecars > 0 {
                    table.add(count, name, Style.dim("\(tag.fromSidecars) by people"))
                } else {
                    table.add(count, name)
                }
            }
        }
        StandardOutput.write(table.text())
    }

    private struct TagLine: Encodable {
        let tag: String
        /// How a person writes it, where that is not in small letters.
        let written: String?
        let count: Int
        /// How many have it from their files or sidecars rather than from a model alone.
        let sidecar: Int
    }
}
