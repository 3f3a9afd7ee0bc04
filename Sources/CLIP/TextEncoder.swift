import Checkpoint
public import ModelLoading
public import SystemPackage

/// Texts to embeddings, by CLIP's text tower.
///
/// All calls block and compute: make them from a thread of your own.
public final class TextEncoder: Sendable {
    /// The tower's shape.
    public let configuration: CLIPTextConfiguration
    /// Numbers in an embedding.
    public let dimension: Int
    /// What similarities to embeddings of pictures say; nil where they only compare.
    public let calibration: SimilarityCalibration?
    let tokenizer: CLIPTokenizer
    private let folder: FilePath
    /// From token ids on.
    package let model: CLIPTextModel

    /// Loads the text tower of a CLIP's own folder; the vision tower in it is not touched.
    ///
    /// - Returns: nil where the folder has none.
    /// - Throws: `ModelError`, `CheckpointError` or `TokenizerError` naming the file, the key or the
    ///   tensors that are wrong.
    public static func load(from folder: FilePath) throws -> TextEncoder? {
        let clip = try CLIPFolder(folder)
        guard clip.hasTextTower, let weights = clip.weights else { return nil }
        let inventory = try WeightInventory([(weights, try clip.textTensors())])
        return try TextEncoder(
            try clip.textConfiguration(), dimension: try clip.dimension(), weights: inventory,
            calibration: clip.isCalibrated ? try SimilarityCalibration(from: inventory) : nil,
            tokenizer: try CLIPTokenizer(folder: folder), folder: folder)
    }

    /// Puts an encoder together.
    ///
    /// - Throws: `ModelError` where tokenizer and tower do not belong together.
    init(
        _ configuration: CLIPTextConfiguration, dimension: Int, weights: WeightInventory,
        calibration: SimilarityCalibration?, tokenizer: CLIPTokenizer, folder: FilePath
    ) throws {
        try Self.check(tokenizer.vocabularySize, against: configuration, in: folder)
        self.configuration = configuration
        self.dimension = dimension
        self.calibration = calibration
        self.tokenizer = tokenizer
        self.folder = folder
        model = try CLIPTextModel(configuration, from: weights)
    }

    /// Refuses a tokenizer of more tokens than the tower knows.
    static func check(
        _ tokens: Int, against configuration: CLIPTextConfiguration, in folder: FilePath
    ) throws(ModelError) {
        guard tokens <= configuration.vocabularySize else {
            throw ModelError(
                folder,
                "has a tokenizer of \(tokens) tokens, and its text tower knows "
                    + "\(configuration.vocabularySize)",
                advice: "Use the tokenizer files that came with the text tower.")
        }
    }

    /// Embeds a text; what goes beyond the tower's positions is cut off.
    ///
    /// - Throws: `TokenizerError` where the tokenizer gives up on the text, `ModelError` where the
    ///   weights make no numbers of it.
    public func embed(_ text: String) throws -> Embedding { try embed([text])[0] }

    /// Embeds several texts in as few passes as there is room for.
    ///
    /// - Parameters:
    ///   - texts: Any texts.
    ///   - shouldStop: Asked between layers.
    /// - Returns: an embedding of each.
    /// - Throws: as for one, and `CancellationError` where `shouldStop` says so.
    public func embed(
        _ texts: [String], shouldStop: StopCheck = { false }
    ) throws -> [Embedding] {
        let ids = try texts.map { pooled(try self.ids(of: $0)) }
        return try ids.inPasses(rows: \.count).flatMap { pass in
            try model(Array(pass), shouldStop: shouldStop).map { embedding in
                guard let embedding else {
                    throw ModelError(
                        folder, "has a text tower that makes no numbers of a text",
                        advice: "The file is damaged: download or copy it again.")
                }
                return embedding
            }
        }
    }

    /// The text's tokens between those of beginning and end, as many as there are positions.
    func ids(of text: String) throws -> [Int] {
        try tokenizer.encode(text, atMost: configuration.positions)
    }

    /// The tokens up to the one that the text is read at: the first that ends a text.
    ///
    /// Nothing before it sees what comes behind it.
    func pooled(_ ids: [Int]) -> [Int] {
        guard let end = ids.firstIndex(of: tokenizer.end) else { return ids }
        return Array(ids[...end])
    }
}
