import LLaVAMini

/// Divides a clip into spans of equal length, sixty at most, each with the frames that its caption
/// will look at.
///
/// When there would be too many, neighbours are joined in pairs and spans are twice as long from then
/// on. Captions are therefore written at the end.
struct ClipSpans {
    /// A span whose frames are all there.
    struct Closed {
        fileprivate(set) var bounds: ClosedRange<Double>
        fileprivate(set) var prompt: FusedPrompt
    }

    private struct Open {
        let start: Double
        /// The question, with the frames so far.
        var prompt: FusedPrompt
        var frameCount = 0
    }

    private let question: FusedPrompt
    private var seconds: Double
    private var open: Open?
    private(set) var closed: [Closed] = []

    /// Makes a division without spans.
    ///
    /// - Parameters:
    ///   - question: What is asked about each span, fused with nothing.
    ///   - seconds: The length of a span.
    init(question: FusedPrompt, seconds: Double) {
        self.question = question
        self.seconds = seconds
    }

    /// Whether a frame at this second begins a new span.
    func isOver(at second: Double) -> Bool {
        open.map { second >= $0.start + seconds } ?? true
    }

    /// Begins a span, and ends the one before.
    ///
    /// - Parameters:
    ///   - second: Of its first frame.
    ///   - lastSecond: Of the frame before.
    mutating func begin(at second: Double, lastSecond: Double) {
        close(lastSecond: lastSecond)
        if closed.count >= ClipPlan.mostSpans { joinPairs() }
        open = Open(start: second, prompt: question)
    }

    /// Every how many frames of a span one is looked at.
    private var stride: Int { ClipPlan.strideOfSpan(seconds) }

    /// Which of the next frames of the open span its caption looks at, by their place.
    func wanted(ofNext count: Int) -> [Int] {
        let frameCount = open?.frameCount ?? 0
        return (0..<count).filter { (frameCount + $0).isMultiple(of: stride) }
    }

    /// Passes frames of the open span.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - parts: The question fused with each of those that are wanted.
    mutating func pass(_ count: Int, keeping parts: [FusedPrompt]) {
        for part in parts { open?.prompt.append(part) }
        open?.frameCount += count
    }

    /// Ends the open span.
    ///
    /// - Parameter lastSecond: Of its last frame, which lasts until the next one would have begun.
    mutating func close(lastSecond: Double) {
        guard let span = open else { return }
        closed.append(
            Closed(bounds: span.start...max(span.start, lastSecond + 1), prompt: span.prompt))
        open = nil
    }

    private mutating func joinPairs() {
        closed = Swift.stride(from: 0, to: closed.count - 1, by: 2).map { index in
            var joined = closed[index]
            let later = closed[index + 1]
            joined.bounds = joined.bounds.lowerBound...later.bounds.upperBound
            joined.prompt.append(later.prompt)
            while joined.prompt.imageCount > ClipPlan.mostFramesOfSpan {
                joined.prompt.halveTokens()
            }
            return joined
        }
        seconds *= 2
    }
}
