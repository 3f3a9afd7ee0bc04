import CLIP
public import Imaging
import Tensor

extension ModelStages {
    /// Pictures as the vision tower takes them.
    public struct PreparedPictures: Sendable {
        let pixels: [[Float]]
    }

    /// What the vision tower saw.
    public struct SeenPictures: Sendable {
        let features: [VisionFeatures]
    }

    /// Whether the model has a projection, so that pictures can be embedded.
    public var makesEmbeddings: Bool { network.projection != nil }

    /// Resizes, crops and normalises pictures.
    ///
    /// - Throws: `ModelError` where a picture cannot be taken.
    public func prepare(_ pictures: [RGBImage]) throws -> PreparedPictures {
        PreparedPictures(pixels: try pictures.map { try network.processor.pixelValues($0) })
    }

    /// Runs pictures through the vision tower.
    ///
    /// - Parameters:
    ///   - pictures: As the tower takes them.
    ///   - embedding: Whether what their embeddings take runs as well.
    /// - Returns: the features.
    /// - Throws: Errors of the engine.
    /// - Precondition: `embedding` only where the model has a projection.
    public func see(
        _ pictures: PreparedPictures, embedding: Bool = false
    ) throws -> SeenPictures {
        let features = try network.visionTower(
            pictures.pixels, pooling: embedding, shouldStop: { false })
        for seen in features { _ = seen.pooled.map { network.projection?($0) } }
        return SeenPictures(features: features)
    }

    /// Compresses, projects and runs seen pictures through pre-fusion.
    ///
    /// - Throws: Errors of the engine.
    public func fuse(_ pictures: SeenPictures) throws -> [EncodedImage] {
        try network.fused(
            pictures.features.map { Network.Picture(whole: $0.places, detail: nil) },
            shouldStop: { false })
    }

    /// All of that, as the product does it.
    ///
    /// - Throws: Errors of the engine.
    public func encode(_ pictures: [RGBImage]) throws -> [EncodedImage] {
        try network.encode(pictures, blocks: 1, shouldStop: { false })
    }
}
