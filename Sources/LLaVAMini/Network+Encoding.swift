import CLIP
import Concepts
import Imaging
import ModelLoading
import Tensor

/// From pictures to what prompts are fused with.
extension Network {
    /// Encodes stills, each cut into `blocks × blocks` where that is more than one.
    ///
    /// - Parameters:
    ///   - images: The pictures, upright.
    ///   - blocks: Blocks along an edge.
    ///   - embedding: Whether embeddings are made in the same pass, where the model can.
    ///   - shouldStop: Asked between layers.
    /// - Returns: the images, ready for prompts.
    /// - Throws: `ModelError` where a picture cannot be taken, `CancellationError` where
    ///   `shouldStop` says so.
    func encode(
        _ images: [RGBImage], blocks: Int, embedding: Bool = false, shouldStop: StopCheck
    ) throws -> [EncodedImage] {
        try encode(images, blocks: blocks, embedding: embedding, shouldStop: shouldStop) {
            try pixels(of: $0, blocks: blocks)
        }
    }

    /// Encodes video frames.
    func encode(
        frames: [RGBImage], embedding: Bool = false, shouldStop: StopCheck
    ) throws -> [EncodedImage] {
        try encode(frames, blocks: 1, embedding: embedding, shouldStop: shouldStop) {
            [try processor.pixelValues(frame: $0)]
        }
    }

    /// As many pictures at once as a pass has room for, from `inputs`: whole pictures with their
    /// blocks behind them.
    private func encode(
        _ images: [RGBImage], blocks: Int, embedding: Bool, shouldStop: StopCheck,
        inputs: (RGBImage) throws -> [[Float]]
    ) throws -> [EncodedImage] {
        let rows = configuration.imageRows(blocks: blocks)
        try checkRoom(for: rows)
        return try images.inPasses(rows: { _ in rows }).flatMap { pass in
            let pixels = try pass.map(inputs)
            return try fused(
                seen(pixels, blocks: blocks, embedding: embedding, shouldStop: shouldStop),
                shouldStop: shouldStop)
        }
    }

    /// What the vision tower makes of pixel values, each picture's with its blocks' behind them.
    private func seen(
        _ pixels: [[[Float]]], blocks: Int, embedding: Bool, shouldStop: StopCheck
    ) throws -> [Picture] {
        let features = try visionTower(
            pixels.flatMap { $0 },
            pooling: embedding && projection != nil || conceptHead != nil, shouldStop: shouldStop)
        return [Range<Int>].consecutive(pixels.map(\.count)).map { span in
            let detail = features[span].dropFirst().map { patches($0.places) }
            let whole = features[span.lowerBound]
            return Picture(
                whole: whole.places, detail: detail.isEmpty ? nil : retiled(detail, blocks: blocks),
                embedding: embedding ? whole.pooled.flatMap { projection?($0) } : nil,
                concepts: whole.pooled.flatMap { conceptHead?($0).first })
        }
    }

    /// What enters pre-fusion of a still: [HD patches, patches, compressed tokens] by width.
    func entering(_ image: RGBImage, blocks: Int, shouldStop: StopCheck) throws -> Matrix {
        let picture = try seen(
            [pixels(of: image, blocks: blocks)], blocks: blocks, embedding: false,
            shouldStop: shouldStop)
        return entering(picture).sequences[0]
    }

    /// A still's pixel values, with its blocks' behind them.
    private func pixels(of image: RGBImage, blocks: Int) throws -> [[Float]] {
        let parts = blocks > 1 ? ImageProcessor.blocks(of: image, count: blocks) : []
        return try ([image] + parts).map { try processor.pixelValues($0) }
    }

    /// Features of pixel values [3, size, size]: [patches, width], a class token's in front.
    func features(_ pixels: [Float], shouldStop: StopCheck) throws -> Matrix {
        try visionTower([pixels], pooling: false, shouldStop: shouldStop)[0].places
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

    /// What the vision tower makes of a picture.
    struct Picture {
        /// The whole picture's features.
        let whole: Matrix
        /// Features of a high-resolution picture's grid; these are compressed instead.
        let detail: Matrix?
        /// The whole picture's, where it was wanted.
        var embedding: Embedding?
        /// What the whole picture shows, where the model has a concept head.
        var concepts: ConceptProbabilities?
    }

    /// Compresses, projects and runs pictures through pre-fusion.
    func fused(_ pictures: [Picture], shouldStop: StopCheck) throws -> [EncodedImage] {
        let (sequences, attention) = entering(pictures)
        let fused = try preFusion.images(
            sequences, compressed: configuration.compressedTokens, shouldStop: shouldStop)
        return pictures.indices.map { place in
            EncodedImage(
                headAttention: attention[place].map(\.values),
                tokens: fused[place].tokens,
                cache: fused[place].cache, rows: sequences[place].rows,
                embedding: pictures[place].embedding, concepts: pictures[place].concepts)
        }
    }

    /// What enters pre-fusion of each picture, and the compressor's attention.
    private func entering(_ pictures: [Picture]) -> (sequences: [Matrix], attention: [[Matrix]]) {
        let compressed = pictures.map { compress($0.whole, detail: $0.detail) }
        let parts = zip(pictures, compressed).map { picture, compressed in
            [picture.detail, picture.whole, compressed.tokens].compactMap { $0 }
        }
        let projected = projector(Matrix(stacking: parts.flatMap { $0 }))
        let spans = [Range<Int>].consecutive(parts.map { $0.reduce(0) { $0 + $1.rows } })
        return (spans.map(projected.rows), compressed.map(\.attention))
    }

    /// The compressor's output before the projector, and its attention.
    func compress(_ whole: Matrix, detail: Matrix?) -> (tokens: Matrix, attention: [Matrix]) {
        guard let detail else { return compressor(whole, grid: configuration.vision.grid) }
        let grid = Int(Double(detail.rows).squareRoot().rounded())
        return compressor(detail, grid: grid)
    }
}
