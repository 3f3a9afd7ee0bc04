import CLIP
public import Imaging
import LLaVAMini
public import MediaDecoding

extension Captioner {
    /// Makes what pictures are found by, without describing them.
    ///
    /// - Parameters:
    ///   - images: Upright pixels.
    ///   - shouldStop: Asked often; `true` ends the work with `CancellationError`.
    /// - Returns: An embedding of each, or that the model makes none of it.
    /// - Throws: `ModelUnavailable`, `NoEmbedding` where it makes none of any, `CancellationError`.
    public func embed(
        _ images: [RGBImage], shouldStop: () -> Bool = { false }
    ) throws -> [Result<PictureEmbedding, NoEmbedding>] {
        try encoder().embed(images, shouldStop: shouldStop).map { made in
            PictureEmbedding(made, second: nil).map(Result.success) ?? .failure(NoEmbedding())
        }
    }

    /// Makes what seconds of a clip are found by.
    ///
    /// - Parameters:
    ///   - frames: The frames of the seconds.
    ///   - shouldStop: Asked often; `true` ends the work with `CancellationError`.
    /// - Returns: An embedding of each second of which the model makes one.
    /// - Throws: As for pictures.
    public func embed(
        _ frames: [VideoFrame], shouldStop: () -> Bool = { false }
    ) throws -> [PictureEmbedding] {
        let made = try encoder().embed(frames: frames.map(\.image), shouldStop: shouldStop)
        return zip(made, frames).compactMap { PictureEmbedding($0, second: $1.second) }
    }

    private func encoder() throws -> PictureEncoder {
        guard let encoder = try loaded().pictureEncoder else { throw NoEmbedding() }
        return encoder
    }
}

/// A model that makes nothing of a picture by which it could be found.
public struct NoEmbedding: Error, CustomStringConvertible {
    /// What is wrong.
    public let description = "it makes no embedding of this picture"

    /// Builds it.
    public init() {}
}
