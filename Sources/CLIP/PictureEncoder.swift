import Checkpoint
public import Imaging
public import ModelLoading
public import SystemPackage
import Tensor

/// Pictures to embeddings, by a vision tower and `visual_projection`.
///
/// All calls block and compute: make them from a thread of your own.
public struct PictureEncoder: Sendable {
    /// Numbers in an embedding.
    public var dimension: Int { projection.dimension }
    /// How pictures become pixels.
    package let processor: ImageProcessor
    /// From pixels to features.
    package let tower: any VisionTower
    /// From features to embeddings.
    package let projection: PictureProjection

    /// Loads the vision tower of a CLIP's own folder; the text tower in it is not touched.
    ///
    /// - Returns: nil where the folder has no projection.
    /// - Throws: `ModelError` or `CheckpointError` naming the file, the key or the tensors that are
    ///   wrong.
    public static func load(from folder: FilePath) throws -> PictureEncoder? {
        let clip = try CLIPFolder(folder)
        guard clip.hasVisualProjection, let weights = clip.weights else { return nil }
        let vision = try VisionConfiguration(tower: clip.configuration, selection: .last)
        let key = CLIPFolder.visionTower
        let inventory = try WeightInventory([
            (
                weights,
                vision.tensors(at: key) + vision.poolingTensors(at: key)
                    + (try clip.visualProjection(of: vision))
            )
        ])
        let processor = try ProcessorConfiguration(
            try ConfigurationFile(folder.appending("preprocessor_config.json")),
            imageSize: vision.imageSize)
        return PictureEncoder(
            processor: ImageProcessor(processor, padsToSquare: false),
            tower: try vision.tower(at: key, poolingKey: key, from: inventory),
            projection: try PictureProjection(from: inventory))
    }

    /// Puts an encoder together from a model's parts.
    package init(
        processor: ImageProcessor, tower: any VisionTower, projection: PictureProjection
    ) {
        (self.processor, self.tower, self.projection) = (processor, tower, projection)
    }

    /// The shortest edge in pixels that a decoded picture needs so that nothing is enlarged.
    public var minimumShortEdge: Int { processor.minimumShortEdge(blocks: 1) }

    /// Embeds stills, upright, in as few passes as there is room for.
    ///
    /// - Parameters:
    ///   - images: The pictures.
    ///   - shouldStop: Asked between layers.
    /// - Returns: an embedding of each; nil where the weights make no numbers of it.
    /// - Throws: `ModelError` where a picture cannot be taken, `CancellationError` where
    ///   `shouldStop` says so.
    public func embed(
        _ images: [RGBImage], shouldStop: StopCheck = { false }
    ) throws -> [Embedding?] {
        try embed(try images.map { try processor.pixelValues($0) }, shouldStop: shouldStop)
    }

    /// Embeds frames of a clip, upright.
    ///
    /// - Parameters:
    ///   - frames: The frames.
    ///   - shouldStop: Asked between layers.
    /// - Returns: as for stills.
    /// - Throws: as for stills.
    public func embed(
        frames: [RGBImage], shouldStop: StopCheck = { false }
    ) throws -> [Embedding?] {
        try embed(try frames.map { try processor.pixelValues(frame: $0) }, shouldStop: shouldStop)
    }

    private func embed(_ pixels: [[Float]], shouldStop: StopCheck) throws -> [Embedding?] {
        try tower(pixels, pooling: true, shouldStop: shouldStop).map { features in
            features.pooled.flatMap { projection($0) }
        }
    }
}
