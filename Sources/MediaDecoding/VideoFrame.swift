public import Imaging

/// One sampled moment of a clip.
public struct VideoFrame: Equatable, Sendable {
    /// Seconds from the clip's first frame; a whole number.
    public var second: Double
    /// What is shown at that moment, upright.
    public var image: RGBImage

    /// Builds a frame from its parts.
    public init(second: Double, image: RGBImage) {
        self.second = second
        self.image = image
    }
}
