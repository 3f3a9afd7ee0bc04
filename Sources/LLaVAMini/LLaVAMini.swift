public import CLIP
public import Imaging
import ModelLoading
public import SystemPackage
import Tensor
public import Tokenization

/// LLaVA-Mini: a language model that sees each image as a few tokens.
///
/// Loaded from a checkpoint folder in the released format; everything is computed in single
/// precision on this machine. All calls block and compute: make them from a thread of your own.
public final class LLaVAMini: Sendable {
    /// What the checkpoint's configuration files say.
    public let configuration: ModelConfiguration
    /// The checkpoint's tokenizer.
    public let tokenizer: Tokenizer
    let network: Network
    private let endTokens: Set<Int>
    /// The header that the model writes itself, in every answer.
    private let opening: [Int]
    private let phrases = PhraseMemory()
    private let lengths = AnswerLengths()

    /// Tokens that end an answer whatever a configuration says.
    private static let endTokenNames = ["<|eot_id|>", "<|eom_id|>", "<|end_of_text|>"]

    private init(network: Network, tokenizer: Tokenizer) {
        self.network = network
        self.tokenizer = tokenizer
        configuration = network.configuration
        endTokens = network.configuration.endTokens.union(
            Self.endTokenNames.compactMap(tokenizer.id))
        opening = ChatPrompt.assistantHeader(tokenizer)
    }

    /// Loads a checkpoint folder; `config.json` decides everything.
    ///
    /// - Throws: `ModelError`, `CheckpointError` or `TokenizerError` naming the file, the key or
    ///   the tensors that are missing or wrong.
    public static func load(from folder: FilePath) throws -> LLaVAMini {
        LLaVAMini(
            network: try Network(folder: folder), tokenizer: try Tokenizer(folder: folder))
    }

    /// The shortest edge in pixels that a decoded picture needs so that nothing is enlarged that
    /// the file had in more detail.
    public func minimumShortEdge(highResolution: Bool) -> Int {
        network.processor.minimumShortEdge(blocks: blocks(highResolution))
    }

    /// The part of a still that the model looks at, in the resolution in which it does.
    ///
    /// Encoding this or the whole picture comes to the same; this is small, so that many can wait,
    /// and can be made on another thread.
    ///
    /// - Parameters:
    ///   - image: The picture, upright.
    ///   - highResolution: Whether it will be encoded so; blocks need the whole picture.
    /// - Returns: the part, or the picture itself where encoding needs all of it or will refuse it.
    public func reduced(_ image: RGBImage, highResolution: Bool) -> RGBImage {
        guard blocks(highResolution) == 1, network.processor.keepsSquares else { return image }
        return (try? network.processor.square(image)) ?? image
    }

    /// A video frame in the resolution in which the model looks at it, or the frame itself where
    /// encoding will refuse it.
    public func reduced(frame: RGBImage) -> RGBImage {
        (try? network.processor.square(frame: frame)) ?? frame
    }

    /// Where the patches of a still lie that the compressor looks at, row by row over a square grid.
    ///
    /// - Parameters:
    ///   - width: The picture's width in pixels.
    ///   - height: Its height.
    ///   - highResolution: Whether it is looked at in blocks.
    /// - Returns: an area for each of the patches that `EncodedImage.attention` has weights of.
    public func patchAreas(width: Int, height: Int, highResolution: Bool) -> [PictureArea] {
        let blocks = blocks(highResolution)
        let grid = configuration.vision.grid
        let areas = ImageProcessor.blockAreas(width: width, height: height, count: blocks).map {
            block in
            block.part(
                network.processor.area(
                    width: max(width / blocks, 1), height: max(height / blocks, 1)))
        }
        return (0..<grid * blocks).flatMap { y in
            (0..<grid * blocks).map { x in
                areas[y / grid * blocks + x / grid].part(Self.cell(x % grid, y % grid, of: grid))
            }
        }
    }

    /// Where the patches of a clip's frame lie, which is squashed to the square.
    public func patchAreasOfFrame() -> [PictureArea] {
        let grid = configuration.vision.grid
        return (0..<grid * grid).map { Self.cell($0 % grid, $0 / grid, of: grid) }
    }

    private static func cell(_ x: Int, _ y: Int, of grid: Int) -> PictureArea {
        let edge = 1 / Double(grid)
        return PictureArea(x: Double(x) * edge, y: Double(y) * edge, width: edge, height: edge)
    }

    /// Bytes of keys and values that an answer keeps for each position of prompt and answer.
    public var bytesPerPosition: Int {
        let language = configuration.language
        return language.layers * 2 * language.keyValueHeads * language.headWidth
            * network.language.precision.byteCount
    }

    /// How many pictures fill a pass through the layers that see pictures.
    ///
    /// Encoding more at once costs memory, some megabytes a picture, and saves nothing.
    public func picturesAtOnce(highResolution: Bool) -> Int {
        let rows = configuration.imageRows(blocks: blocks(highResolution))
        return max(RowBatch.rowsAtOnce / rows, 1)
    }

    /// Encodes a still picture, upright.
    ///
    /// - Parameters:
    ///   - image: The picture.
    ///   - highResolution: Looks at blocks of the picture too, for detail, at several times the
    ///     cost.
    ///   - shouldStop: Asked between layers.
    /// - Returns: the picture, ready for any number of prompts.
    /// - Throws: `ModelError` where the picture cannot be taken, `CancellationError` where
    ///   `shouldStop` says so.
    public func encode(
        _ image: RGBImage, highResolution: Bool, shouldStop: () -> Bool = { false }
    ) throws -> EncodedImage {
        try encode([image], highResolution: highResolution, shouldStop: shouldStop)[0]
    }

    /// Encodes several still pictures, upright, in as few passes as there is room for.
    ///
    /// - Parameters:
    ///   - images: The pictures.
    ///   - highResolution: Looks at blocks of the pictures too.
    ///   - embedding: Whether their embeddings are made in the same pass, where the model can.
    ///   - shouldStop: Asked between layers.
    /// - Returns: the pictures in their order, ready for any number of prompts.
    /// - Throws: as for a single one, for any of them.
    public func encode(
        _ images: [RGBImage], highResolution: Bool, embedding: Bool = false,
        shouldStop: () -> Bool = { false }
    ) throws -> [EncodedImage] {
        try network.encode(
            images, blocks: blocks(highResolution), embedding: embedding, shouldStop: shouldStop)
    }

    /// Encodes a frame of a video.
    ///
    /// - Parameters:
    ///   - frame: The frame, upright.
    ///   - shouldStop: Asked between layers.
    /// - Returns: the frame, ready for any number of prompts.
    /// - Throws: as for a still.
    public func encode(
        frame: RGBImage, shouldStop: () -> Bool = { false }
    ) throws -> EncodedImage {
        try encode(frames: [frame], shouldStop: shouldStop)[0]
    }

    /// Encodes several frames of a video.
    ///
    /// - Parameters:
    ///   - frames: The frames, upright.
    ///   - embedding: Whether their embeddings are made in the same pass, where the model can.
    ///   - shouldStop: Asked between layers.
    /// - Returns: the frames in their order, ready for any number of prompts.
    /// - Throws: as for a still, for any of them.
    public func encode(
        frames: [RGBImage], embedding: Bool = false, shouldStop: () -> Bool = { false }
    ) throws -> [EncodedImage] {
        try network.encode(frames: frames, embedding: embedding, shouldStop: shouldStop)
    }

    private func blocks(_ highResolution: Bool) -> Int {
        highResolution ? configuration.resolutionRatio : 1
    }

    /// The question in the chat layout, embedded, ready to be fused with images.
    ///
    /// - Throws: `TokenizerError` or `ModelError` where tokenizer and model do not fit together.
    public func prompt(_ question: String) throws -> FusedPrompt {
        try FusedPrompt(
            ids: try ChatPrompt.encode(question: question, with: tokenizer), network: network)
    }

    /// Fuses prompts with images, any number of each, in as few passes as there is room for.
    ///
    /// Prompts about the same image that begin alike have their beginning fused once.
    ///
    /// - Parameters:
    ///   - pairs: Which prompt gets which image, by its place; of those of one prompt the images
    ///     come in time order.
    ///   - prompts: The prompts.
    ///   - shouldStop: Asked between layers.
    /// - Throws: `ModelError` where an image and a text together have too many positions,
    ///   `CancellationError` where `shouldStop` says so; the prompts are then as they were.
    public func add(
        _ pairs: [(image: EncodedImage, prompt: Int)], to prompts: inout [FusedPrompt],
        shouldStop: () -> Bool = { false }
    ) throws {
        let states = try PromptFusion(network).states(
            of: pairs.map { .init(text: prompts[$0.prompt].text, image: $0.image) },
            shouldStop: shouldStop)
        for (pair, fused) in zip(pairs, states) {
            prompts[pair.prompt].add(fused, of: pair.image)
        }
    }

    /// Answers prompts, in their order.
    ///
    /// The prompts are decoded together, each weight read once a step. Those that were fused with
    /// the same images have the beginnings that they share computed once.
    ///
    /// - Parameters:
    ///   - prompts: Fused with at least one image each.
    ///   - options: How much to say.
    ///   - onText: Told after every step what each answer says so far, where anybody wants to know.
    ///   - shouldStop: Asked at every token and between layers.
    /// - Returns: an answer to each prompt.
    /// - Throws: `ModelError` where a prompt has no image or too many positions,
    ///   `CancellationError` where `shouldStop` says so.
    public func generate(
        _ prompts: [FusedPrompt], options: GenerationOptions, onText: (([String]) -> Void)? = nil,
        shouldStop: () -> Bool
    ) throws -> [Generation] {
        network.makeRoomForAnswers()
        defer { network.makeRoomForPictures() }
        var decoder = GreedyDecoder(
            model: network.language, endTokens: endTokens, options: options, opening: opening,
            phrases: phrases, lengths: lengths)
        if let onText {
            decoder.onStep = { answers in
                onText(answers.map { self.text(of: self.words(of: $0)) })
            }
        }
        return try decoder(prompts, shouldStop: shouldStop).map { answer in
            let words = words(of: answer.ids)
            return Generation(
                ids: answer.ids, text: text(of: words),
                pieces: zip(words, answer.probabilities.suffix(words.count)).compactMap {
                    id, probability in
                    tokenizer.bytes(ofText: id).map {
                        AnswerPiece(bytes: $0, probability: probability)
                    }
                },
                reachedEnd: answer.reachedEnd, firstLogits: answer.firstLogits,
                gaps: answer.gaps)
        }
    }

    func words(of answer: [Int]) -> [Int] {
        ChatPrompt.withoutAssistantHeader(answer, tokenizer)
    }

    private func text(of words: [Int]) -> String {
        tokenizer.decode(words, skippingSpecialTokens: true)
    }
}
