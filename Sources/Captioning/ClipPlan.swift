/// How a clip is divided to begin with: which frames the caption of the whole sees, and how long a
/// span is.
///
/// Both are bounded, so that a clip of hours costs no more prompts or positions than one of minutes;
/// every sampled second still gets its token. A clip that turns out longer than its container states,
/// or whose container states no length, is divided anew on the way (`SpreadSample`, `ClipSpans`).
public struct ClipPlan: Equatable, Sendable {
    /// Most frames that the caption of the whole looks at.
    public static let mostFramesOfWhole = 64
    /// Most frames that the caption of a span looks at.
    public static let mostFramesOfSpan = 64
    /// Most spans that get a caption of their own.
    public static let mostSpans = 60

    /// Every how many frames one enters the caption of the whole.
    public let stride: Int
    /// Seconds that share one caption.
    public let spanSeconds: Double

    /// Plans for a clip.
    ///
    /// - Parameters:
    ///   - duration: Seconds as the container states them; `nil`, zero or nonsense if it does not.
    ///   - settings: Holds the wished length of a span.
    public init(duration: Double?, settings: CaptioningSettings) {
        let known = duration.flatMap { $0.isFinite && $0 > 0 ? min($0, 1e6) : nil } ?? 0
        stride = max(1, Int((known / Double(Self.mostFramesOfWhole)).rounded(.up)))
        spanSeconds = max(settings.spanSeconds, known / Double(Self.mostSpans))
    }

    /// Every how many of a span's frames one enters its caption.
    ///
    /// - Parameter seconds: The span's length.
    /// - Returns: One, or more for a long span.
    public static func strideOfSpan(_ seconds: Double) -> Int {
        let perFrame = (seconds / Double(mostFramesOfSpan)).rounded(.up)
        return Int(max(1, min(perFrame, 1e6)))
    }
}
