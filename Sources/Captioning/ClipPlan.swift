/// How a clip is divided: which frames the caption of the whole sees, and how long a stretch is.
///
/// Both are bounded, so that a clip of hours costs no more prompts or positions than one of minutes;
/// every sampled second still gets its token.
public struct ClipPlan: Equatable, Sendable {
    /// Most frames that the caption of the whole looks at.
    public static let mostFramesOfWhole = 64
    /// Most frames that the caption of a stretch looks at.
    public static let mostFramesOfStretch = 64
    /// Most stretches that get a caption of their own.
    public static let mostStretches = 60

    /// Every how many frames one enters the caption of the whole.
    public let stride: Int
    /// Seconds that share one caption.
    public let stretchSeconds: Double
    /// Every how many of a stretch's frames one enters its caption.
    public let stretchStride: Int

    /// Plans for a clip.
    ///
    /// - Parameters:
    ///   - duration: Seconds as the container states them; `nil`, zero or nonsense if it does not.
    ///   - settings: Holds the wished length of a stretch.
    public init(duration: Double?, settings: CaptioningSettings) {
        let known = duration.flatMap { $0.isFinite && $0 > 0 ? min($0, 1e6) : nil } ?? 0
        stride = max(1, Int((known / Double(Self.mostFramesOfWhole)).rounded(.up)))
        stretchSeconds = max(settings.stretchSeconds, known / Double(Self.mostStretches))
        let perFrame = (stretchSeconds / Double(Self.mostFramesOfStretch)).rounded(.up)
        stretchStride = Int(max(1, min(perFrame, 1e6)))
    }
}
