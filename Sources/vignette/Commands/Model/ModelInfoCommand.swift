import ArgumentParser
import Benchmarking
import CLIP
import Concepts
import Daemon
import LLaVAMini
import ModelHub
import SystemPackage

/// What a model is made of.
struct ModelInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Show a model's shape, format and what memory it will take.",
        discussion: """
            EXAMPLES
              vignette model info
              vignette model info demo --json
            """)

    @OptionGroup var model: ModelArgument
    @OptionGroup var common: CommonOptions

    func run() throws {
        let folder = try model.folder(try common.settings())
        let report = try ModelReport(of: folder)
        if common.json {
            try JSONLine.write(report)
        } else {
            StandardOutput.write(report.table.text())
        }
    }
}

/// What `model info` says.
private struct ModelReport: Encodable {
    /// A stack of equal layers.
    struct Stack: Encodable {
        let layers: Int
        let width: Int
        /// None where the layers are convolutions.
        let heads: Int?
    }

    let name: String
    let path: PathText
    let bytes: Int64
    let format: String?
    let bits: Int?
    let parameters: Int
    let parametersByPart: ParameterCount
    let language: Stack
    let preFusionLayers: Int
    let vision: Stack
    let imageSize: Int
    /// What an image is compressed to.
    let tokensPerImage: Int
    /// What the weights take once all of them were used; the system may take them back.
    let weightBytes: Int
    /// What pictures on their way take beside them.
    let workingBytes: Int
    /// Things whose probabilities the model tells beside its words; none where it has words alone.
    let concepts: Int?
    /// Numbers in the embeddings that pictures are searched by; none where the model makes none.
    let embeddingDimension: Int?
    /// What can be searched by them, and the command that adds what is missing.
    let searchByMeaning: String
    let sources: [SourceManifest.Source]
    let notice: String?

    init(of folder: FilePath) throws {
        let c = try ModelConfiguration(folder: folder)
        let format = WeightFormat(folder: folder)
        name = folder.lexicallyNormalized().lastComponent?.string ?? folder.string
        path = PathText(folder)
        bytes = FolderSize.bytes(of: folder)
        (self.format, bits) = (format?.name, format?.bits)
        parametersByPart = ParameterCount(c)
        parameters = parametersByPart.total
        language = Stack(
            layers: c.language.layers, width: c.language.width, heads: c.language.heads)
        preFusionLayers = c.preFusionLayers
        vision = Stack(
            layers: c.vision.usedLayers, width: c.vision.width, heads: Self.heads(c.vision))
        imageSize = c.vision.imageSize
        tokensPerImage = c.compressorSize * c.compressorSize
        let outlook = Outlook(c, bits: format?.inMemory ?? .single)
        (weightBytes, workingBytes) = (outlook.weightBytes, outlook.workingBytes)
        concepts = c.concepts?.concepts.count
        let support = try EmbeddingSupport(folder: folder)
        embeddingDimension = support.dimension
        searchByMeaning = EmbeddingText(support).text(of: name)
        sources = try SourceManifest(in: folder)?.sources ?? []
        notice = c.notice
    }

    var table: Table {
        var table = Table()
        table.add("name", Style.bold(name))
        table.add("folder", path.display)
        table.add("size on disk", ByteText.size(bytes))
        table.add("format", format ?? "its weights cannot be read")
        table.add("parameters", Self.count(parameters))
        table.add("language model", Self.text(language))
        table.add("pre-fusion", "\(preFusionLayers) layers of the same kind")
        table.add("vision tower", "\(Self.text(vision)), \(imageSize) × \(imageSize) pixels")
        table.add("tokens an image", "\(tokensPerImage)")
        if let concepts { table.add("concepts", "\(concepts), each with its probability") }
        table.add(
            "memory",
            "\(ByteText.size(Int64(weightBytes))) of weights and about "
                + "\(ByteText.size(Int64(workingBytes))) for pictures on their way")
        table.add("search by meaning", searchByMeaning)
        for source in sources {
            table.add("from", "\(source.repository) at \(source.commit)")
        }
        if let notice { table.add("notice", notice) }
        return table
    }

    private static func text(_ stack: Stack) -> String {
        let kind = stack.heads.map { ", \($0) heads" } ?? " of features, convolutions"
        return "\(stack.layers) layers, width \(stack.width)\(kind)"
    }

    private static func heads(_ vision: VisionConfiguration) -> Int? {
        guard case .clip(let shape) = vision else { return nil }
        return shape.stack.heads
    }

    /// `8.9 billion`, `1.2 million` or `4096`.
    private static func count(_ number: Int) -> String {
        let tenths = { (unit: Int) in
            let rounded = (number + unit / 20) / (unit / 10)
            return "\(rounded / 10).\(rounded % 10)"
        }
        if number >= 1_000_000_000 { return "\(tenths(1_000_000_000)) billion" }
        if number >= 1_000_000 { return "\(tenths(1_000_000)) million" }
        return "\(number)"
    }
}
