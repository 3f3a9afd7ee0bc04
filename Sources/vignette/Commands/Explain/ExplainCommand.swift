import ArgumentParser
import Captioning
import Daemon
import Explaining
import Foundation
import MediaDecoding
import SystemPackage

/// Shows where the model looked.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show where the model looked in a picture or clip.",
        discussion: """
            A picture becomes one token, which pays attention to some of its patches more than to others. Without \
            -o a map of it is printed, and where half of the attention lies; with -o a file is written, a map over \
            the picture with its scale (.svg, .png), or all numbers, head by head (.json). With --question, \
            another map for each word shows where it looked before the language model saw anything, averaged over \
            the pre-fusion layers; in JSON layer by layer. Of a clip up to twelve seconds are shown.

            EXAMPLES
              vignette explain beach.jpg
              vignette explain beach.jpg -o beach.svg --outline
              vignette explain beach.jpg --question "Where is the boat?" -o boat.svg
              vignette explain --hd clip.mp4 -o strip.png
            """)

    @Argument(help: "A picture or clip.")
    var file: PathArgument

    @Option(help: "A question, whose words' attention is shown too; of pictures only.")
    var question: String?

    @Option(name: .shortAndLong, help: "The file to write: .svg, .png or .json.")
    var output: PathArgument?

    @Flag(help: "Outline the patches that have half of the attention.")
    var outline = false

    @Option(help: "Pixels of the longer edge of each picture that is drawn.")
    var size = 480

    @OptionGroup var model: ModelOptions
    @OptionGroup var common: CommonOptions

    private enum Format: String, CaseIterable { case svg, png, json }

    private var format: Format? { output.flatMap { Format(rawValue: $0.path.extension ?? "") } }

    func validate() throws {
        guard output == nil || format != nil else {
            throw ValidationError("-o names a file that ends in .svg, .png or .json")
        }
        guard (64...4096).contains(size) else { throw ValidationError("--size is 64 to 4096") }
        guard question?.allSatisfy(\.isWhitespace) != true else {
            throw ValidationError("the question is empty")
        }
    }

    func run() throws {
        let settings = try common.settings(model.flags)
        let captioner = try model.captioner(settings)
        let decoder = Decoder(
            executable: try DecoderLocation.find(), limits: settings.decoderLimits)
        defer { decoder.close() }
        let looks = try Looks(
            of: StandardPaths().absolute(file.path), question: question, captioner, decoder,
            longEdge: size)
        if common.json || format == .json {
            return try write(try JSONLine.text(looks.report(model: captioner.identity.label)))
        }
        guard let format, output != nil else { return StandardOutput.write(looks.text) }
        switch format {
        case .svg:
            try write(
                try HeatMap.drawing(
                    looks.maps, columns: looks.columns, edge: size, hasOutline: outline))
        default:
            let images = looks.maps.map { $0.pixels(longEdge: size, hasOutline: outline) }
            try write(bytes: PNGFile.bytes(PNGFile.mounted(images, columns: looks.columns)))
            for (place, map) in looks.maps.enumerated() where looks.maps.count > 1 {
                StandardError.write("\(place + 1): \(map.title.printable)\n")
            }
        }
    }

    private func write(_ text: String) throws { try write(bytes: Array(text.utf8)) }

    private func write(bytes: [UInt8]) throws {
        let file = try OutputFile(output?.path)
        try file.write(bytes: bytes)
        try file.finish()
    }
}
