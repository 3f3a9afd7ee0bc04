import ArgumentParser
import Captioning
import Catalogue
import Daemon
import Finding
import SystemPackage
import VectorIndex

/// Finds pictures that look like others.
struct SimilarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "similar",
        abstract: "Find pictures and clips that show the like of what a file shows.",
        discussion: """
            The likest come first, each with its similarity: 1 is the same. Of several files, what is like all \
            of them is found. A file need not be in a watched folder, nor in the catalogue. Pictures are compared \
            by the model's embeddings; what another model described is made ready by 'watch' and 'scan'. Of \
            a model that makes none, the vision tokens of what it has described are compared; so they are \
            where one of what is given is a token, as 'vignette show --tokens' prints it.

            EXAMPLES
              vignette similar ~/Pictures/beach.jpg
              vignette similar --limit 5 --kind video one.jpg another.jpg
              vignette similar $(vignette show --tokens ~/Pictures/beach.jpg)
            """)

    @Argument(help: "Pictures, clips, or vision tokens.")
    var given: [LikenessArgument]

    @Option(help: "Only 'still' or 'video'.")
    var kind: AssetKind?

    @Option(help: "Most results.")
    var limit = 20

    @Option(help: "The model whose embeddings to use; the one that watches otherwise.")
    var model: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be above zero") }
        guard !given.contains(where: \.isNoToken) else {
            throw ValidationError(
                "what begins with \(TokenText.prefix) must be a whole line of 'vignette show --tokens'; "
                    + "of a file of such a name give the folder too")
        }
    }

    func run() throws {
        let settings = try common.settings()
        let catalogue = try Catalogue(at: settings.catalogue, access: .reader)
        let tokens = given.compactMap(\.token)
        let source = try LikenessSource(
            of: catalogue, model: model ?? settings.model, settings, byTokens: !tokens.isEmpty)
        let files = try FileDirections(catalogue, source, settings).of(given.compactMap(\.file))
        let directions = try files.directions + tokens.map { try source.direction(of: $0) }
        let page = try source.search(in: catalogue)(
            directions, SearchQuery("", kind: kind, limit: limit), except: files.assets)
        if common.json {
            for found in page.hits { try JSONLine.write(HitLine(found)) }
            return
        }
        var table = Table()
        for found in page.hits {
            table.add(
                Style.bold(found.hit.files.first.map { PathText($0.path).display } ?? ""),
                found.near.map { FoundHit.shown($0.similarity) } ?? "",
                SourceText.caption(found.hit.caption, found.hit.captionSource))
        }
        StandardOutput.write(table.text())
    }
}
