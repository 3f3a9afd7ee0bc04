import Checkpoint
import Imaging
import SystemPackage
import Tensor

/// The model's components, loaded: everything between pixels and logits, and no words.
struct Network: Sendable {
    let configuration: ModelConfiguration
    let processor: ImageProcessor
    let visionTower: VisionTower
    let compressor: Compressor
    let projector: Projector
    let preFusion: PreFusion
    let language: LanguageModel

    /// Loads a checkpoint folder.
    ///
    /// - Throws: `ModelError` for the configuration and for tensors that do not fit it,
    ///   `CheckpointError` for files that cannot be read.
    init(folder: FilePath) throws {
        let c = try ModelConfiguration(folder: folder)
        let checkpoint = try CheckpointFolder(folder)
        // The checkpoint's own copy of the tower wins over the one in the tower's folder.
        let isInside = checkpoint.names.contains {
            $0.hasPrefix("\(VisionTower.keyInCheckpoint).")
        }
        let towerKey = isInside ? VisionTower.keyInCheckpoint : VisionTower.keyInOwnFolder
        let tower = isInside ? checkpoint : try CheckpointFolder(c.towerFolder)
        let weights = try WeightInventory([
            (
                checkpoint,
                LanguageModel.tensors(c.language) + PreFusion.tensors(c) + Projector.tensors(c)
                    + Compressor.tensors(c)
            ),
            (tower, VisionTower.tensors(at: towerKey, c.vision)),
        ])
        configuration = c
        processor = ImageProcessor(c)
        visionTower = try VisionTower(at: towerKey, c.vision, from: weights)
        compressor = try Compressor(c, from: weights)
        projector = try Projector(c, from: weights)
        preFusion = try PreFusion(c, from: weights)
        language = try LanguageModel(c.language, from: weights)
    }

    /// Encodes a still, cut into `blocks × blocks` where that is more than one.
    func encode(
        _ image: RGBImage, blocks: Int, shouldStop: StopCheck
    ) throws -> EncodedImage {
        try checkRoom(for: configuration.imageRows(blocks: blocks))
        let whole = try features(try processor.pixelValues(image), shouldStop: shouldStop)
        guard blocks > 1 else { return try encode(whole, detail: nil, shouldStop: shouldStop) }
        let parts = try ImageProcessor.blocks(of: image, count: blocks).map {
            try features(try processor.pixelValues($0), shouldStop: shouldStop)
        }
        let detail = retiled(parts.map(patches), blocks: blocks)
        return try encode(whole, detail: detail, shouldStop: shouldStop)
    }

    /// Encodes a video frame.
    func encode(frame: RGBImage, shouldStop: StopCheck) throws -> EncodedImage {
        try checkRoom(for: configuration.imageRows(blocks: 1))
        let whole = try features(try processor.pixelValues(frame: frame), shouldStop: shouldStop)
        return try encode(whole, detail: nil, shouldStop: shouldStop)
    }

    /// Features of pixel values [3, size, size]: [patches, width], a class token's in front.
    func features(_ pixels: [Float], shouldStop: StopCheck) throws -> Matrix {
        try visionTower(pixels, shouldStop: shouldStop)
    }

    /// Puts blocks' patches into one grid over the whole picture, row by row.
    func retiled(_ parts: [Matrix], blocks: Int) -> Matrix {
        let grid = configuration.vision.grid
        let order = (0..<grid * blocks).flatMap { y in
            (0..<grid * blocks).map { x in
                let block = y / grid * blocks + x / grid
                return (block * grid + y % grid) * grid + x % grid
            }
        }
        return Matrix(stacking: parts).gathering(order)
    }

    /// Features without a class token's.
    func patches(_ features: Matrix) -> Matrix {
        let count = configuration.vision.grid * configuration.vision.grid
        return features.rows(features.rows - count..<features.rows)
    }

    /// Compresses, projects and runs an image through pre-fusion.
    ///
    /// - Parameters:
    ///   - whole: The whole picture's features.
    ///   - detail: Features of a high-resolution picture's grid; these are compressed instead.
    ///   - shouldStop: Asked between layers.
    /// - Returns: the image, ready for prompts.
    /// - Throws: `CancellationError` where `shouldStop` says so.
    private func encode(
        _ whole: Matrix, detail: Matrix?, shouldStop: StopCheck
    ) throws -> EncodedImage {
        let (compressed, attention) = compress(whole, detail: detail)
        let tokens = projector(compressed)
        let context = [detail, whole].compactMap { $0 }.map { projector($0) }
        let sequence = Matrix(stacking: context + [tokens])
        let fused = try preFusion.image(
            sequence, compressed: tokens.rows, shouldStop: shouldStop)
        return EncodedImage(
            attention: attention.values, tokens: fused.tokens, cache: fused.cache,
            rows: sequence.rows)
    }

    /// The compressor's output before the projector, and its attention.
    func compress(_ whole: Matrix, detail: Matrix?) -> (tokens: Matrix, attention: Matrix) {
        guard let detail else { return compressor(whole, grid: configuration.vision.grid) }
        let grid = Int(Double(detail.rows).squareRoot().rounded())
        return compressor(detail, grid: grid)
    }

    /// Refuses a sequence that is longer than the model has positions.
    func checkRoom(for rows: Int) throws {
        let positions = configuration.language.maximumPositions
        guard rows <= positions else {
            throw ModelError(
                nil,
                "image and text take \(rows) positions, and the model has \(positions) "
                    + "('max_position_embeddings')",
                advice: "Ask a shorter question, or use standard resolution.")
        }
    }
}
