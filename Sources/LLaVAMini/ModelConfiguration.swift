public import CLIP
public import Concepts
public import ModelLoading
public import SystemPackage
import Tensor

/// Everything that a checkpoint's configuration files say, checked.
public struct ModelConfiguration: Equatable, Sendable {
    /// What the projector between the vision tower and the language model is made of.
    public enum Projector: Equatable, Sendable {
        /// One linear layer.
        case linear
        /// `mlpNx_gelu`: so many linear layers with GELU between them.
        case perceptron(layers: Int)
    }

    /// The language model's shape, the pre-fusion layers' too.
    public let language: LanguageConfiguration
    /// The vision tower's shape.
    public let vision: VisionConfiguration
    /// How pictures become pixels.
    public let processor: ProcessorConfiguration
    /// `mm_projector_type`.
    public let projector: Projector
    /// `compressor_size`: an image becomes the square of it in tokens.
    public let compressorSize: Int
    /// `prefusion_layer_num`.
    public let preFusionLayers: Int
    /// `image_aspect_ratio` is `pad`: pictures are put on a square before they are resized.
    public let padsToSquare: Bool
    /// `resolution_ratio`: how many blocks a high-resolution picture is cut into along each edge.
    public let resolutionRatio: Int
    /// `eos_token_id` of both `generation_config.json` and `config.json`.
    public let endTokens: Set<Int>
    /// `concepts.json`: what the model tells of a picture beside its words; nil where it has no concept head.
    public let concepts: ConceptList?
    /// `vignette_notice`: a sentence to show wherever this model's words appear.
    public let notice: String?

    /// The languages that the model can be asked in, by ISO 639-1; `nil` where nothing is known of that.
    ///
    /// The small models, which carry a notice, are trained on English alone.
    public var languages: [String]? { notice == nil ? nil : ["en"] }

    /// Whether a conversion has made the checkpoint.
    public var isPacked: Bool { packedBits != nil }
    /// `vignette_quantization`: bits that each weight of the language model got; nil where none was
    /// packed.
    public let packedBits: Int?
    /// `mm_vision_tower`.
    let towerName: String
    /// Where the vision tower's own files are, or would be.
    let towerFolder: FilePath

    /// Reads the files of a checkpoint folder.
    ///
    /// - Throws: `ModelError` naming the file and the key.
    public init(folder: FilePath) throws(ModelError) {
        let file = try ConfigurationFile(folder.appending("config.json"))
        try Self.checkKind(file)
        let generation = folder.appending("generation_config.json")
        let concepts = folder.appending(ConceptList.fileName)
        try self.init(
            file, tower: try VisionTowerFiles(model: file, folder: folder),
            generation: FilePresence.exists(generation) ? try ConfigurationFile(generation) : nil,
            concepts: FilePresence.exists(concepts) ? try ConfigurationFile(concepts) : nil)
    }

    /// Takes the values of files that have been read.
    ///
    /// - Throws: `ModelError` naming the file and the key.
    init(
        _ file: ConfigurationFile, tower: VisionTowerFiles, generation: ConfigurationFile?,
        concepts: ConfigurationFile? = nil
    ) throws(ModelError) {
        self.concepts = try concepts.map { file throws(ModelError) in try ConceptList(file) }
        language = try LanguageConfiguration(file)
        towerName = try file.text("mm_vision_tower")
        towerFolder = tower.folder
        vision = try VisionConfiguration(
            tower: tower.configuration, selection: .configured(file))
        // Describing does not need it, so that a wrong one is no reason to refuse the model.
        embeddingDimension = try? tower.configuration.integer("projection_dim", in: 1...65_536)
        processor = try ProcessorConfiguration(tower.preprocessor, imageSize: vision.imageSize)
        projector = try Self.projector(file)
        compressorSize = try file.integer("compressor_size", in: 1...32, default: 2)
        preFusionLayers = try file.integer("prefusion_layer_num", in: 0...256, default: 4)
        padsToSquare = try file.text("image_aspect_ratio", default: "square") == "pad"
        let ratio = try file.integer("resolution_ratio", in: 1...4, default: 1)
        // A checkpoint trained without high resolution says 1; the paper's mode is 2 × 2.
        resolutionRatio = ratio > 1 ? ratio : 2
        notice = try file["vignette_notice"].map { _ throws(ModelError) in
            try file.text("vignette_notice")
        }
        endTokens = try Self.endTokens(file, generation, of: language.vocabularySize)
        packedBits = try Self.packedBits(file)
        try checkWidths(file)
    }

    /// Refuses weights that a later version packed in another way.
    private static func packedBits(_ file: ConfigurationFile) throws(ModelError) -> Int? {
        let key = "vignette_quantization"
        guard let packing = try file.object(key) else { return nil }
        let layout = try packing.integer("layout", in: 0...1_000_000)
        guard layout == PackedFormat.layout else {
            throw file.wrong(
                key,
                "has the layout \(layout), and this version reads \(PackedFormat.layout): "
                    + "convert the original checkpoint again")
        }
        return try packing.integer("bits", in: 1...32, default: 8)
    }

    /// Paths within the folder of files that no description depends on: in a packed model, what lies
    /// in the vision tower's folder beside its configuration.
    public var filesWithoutEffect: Set<String> {
        let tower = FilePath(towerName)
        guard isPacked, tower.components.count == 1, tower.lastComponent?.kind == .regular else {
            return []
        }
        let names = ["model.safetensors", "tokenizer.json", "vocab.json", "tokenizer_config.json"]
        return Set(names.map { "\(towerName)/\($0)" })
    }

    /// `projection_dim` of the vision tower's `config.json`: numbers in an embedding, where the model
    /// has a projection; nil where the tower is no part of a CLIP.
    public let embeddingDimension: Int?

    /// Rows that an image cut into `blocks × blocks` has in pre-fusion.
    func imageRows(blocks: Int) -> Int {
        let patches = vision.grid * vision.grid
        let detail = blocks > 1 ? blocks * blocks * patches : 0
        let whole = patches + (vision.keepsClassToken ? 1 : 0)
        return detail + whole + compressedTokens
    }

    /// Tokens that an image is compressed to.
    var compressedTokens: Int { compressorSize * compressorSize }

    private static func checkKind(_ file: ConfigurationFile) throws(ModelError) {
        let kind = try file.text("model_type", default: "llava_mini_llama")
        guard kind == "llava_mini_llama" else {
            throw file.wrong(
                "model_type", "is '\(kind.prefix(60))'; only 'llava_mini_llama' can be run")
        }
    }

    private func checkWidths(_ file: ConfigurationFile) throws(ModelError) {
        let expected = try file.integer("mm_hidden_size", in: 1...65_536, default: vision.width)
        guard expected == vision.width else {
            throw file.wrong(
                "mm_hidden_size", "is \(expected), but the vision tower's width is \(vision.width)")
        }
        guard vision.width.isMultiple(of: Compressor.heads) else {
            throw file.wrong(
                "mm_hidden_size",
                "or the vision tower's width is \(vision.width), which the compressor's "
                    + "\(Compressor.heads) heads do not divide")
        }
    }

    private static func projector(_ file: ConfigurationFile) throws(ModelError) -> Projector {
        let key = "mm_projector_type"
        let type = try file.text(key, default: "linear")
        guard type != "linear" else { return .linear }
        guard let match = type.wholeMatch(of: /mlp([0-9]{1,2})x_gelu/), let layers = Int(match.1),
            (1...16).contains(layers)
        else {
            throw file.wrong(
                key, "is '\(type.prefix(60))'; 'linear' and 'mlpNx_gelu' (N from 1 to 16) are known"
            )
        }
        return .perceptron(layers: layers)
    }

    private static func endTokens(
        _ file: ConfigurationFile, _ generation: ConfigurationFile?, of vocabulary: Int
    ) throws(ModelError) -> Set<Int> {
        let ids = 0...(vocabulary - 1)
        var tokens = Set(try file.integers("eos_token_id", in: ids))
        if let generation {
            tokens.formUnion(try generation.integers("eos_token_id", in: ids))
        }
        return tokens
    }
}
