public import Imaging
import Tensor

extension ModelStages {
    /// Pictures as the vision tower takes them.
    public struct PreparedPictures: Sendable {
        let pixels: [[Float]]
    }

    /// What the vision tower saw.
    public struct SeenPictures: Sendable {
        let features: [Matrix]
    }

    /// Resizes, crops and normalises pictures.
    ///
    /// - Throws: `ModelError` where a picture cannot be taken.
    public func prepare(_ pictures: [RGBImage]) throws -> PreparedPictures {
        PreparedPictures(pixels: try pictures.map { try network.processor.pixelValues($0) })
    }

    /// Runs pictures through the vision tower.
    ///
    /// - Throws: Errors of the engine.
    public func see(_ pictures: PreparedPictures) throws -> SeenPictures {
        SeenPictures(
            features: try network.visionTower(pictures.pixels, shouldStop: { false }))
    }

    /// Compresses, projects and runs seen pictures through pre-fusion.
    ///
    /// - Throws: Errors of the engine.
    public func fuse(_ pictures: SeenPictures) throws -> [EncodedImage] {
        try network.fused(
            pictures.features.map { Network.Picture(whole: $0, detail: nil) },
            shouldStop: { false })
    }

    /// All of that, as the product does it.
    ///
    /// - Throws: Errors of the engine.
    public func encode(_ pictures: [RGBImage]) throws -> [EncodedImage] {
        try network.encode(pictures, blocks: 1, shouldStop: { false })
    }
}
