import Captioning
import Foundation
import MediaDecoding

/// Describes a clip from frames that another thread decodes meanwhile.
struct ClipFeed {
    /// Most frames that wait for the model, and that it is given together.
    static let framesAtOnce = 8
    /// Most bytes of pixels that wait for the model.
    static let mostBytes = 64 << 20

    private let clip: ClipWork
    private let context: PipelineContext

    init(_ clip: ClipWork, context: PipelineContext) {
        self.clip = clip
        self.context = context
    }

    /// Describes the clip up to its end.
    ///
    /// - Throws: `DecodingError` that the frames ended with, `EmptyClip`, errors of the model,
    ///   `CancellationError`.
    func describe() throws -> PictureDescription {
        var describer = try context.captioner.beginClip(duration: clip.duration)
        while true {
            switch clip.frames.pop() {
            case .element(.frame(let first)):
                let others = clip.frames.takeWaiting(upTo: Self.framesAtOnce - 1) {
                    $0.frame != nil
                }
                try describer.add(
                    [first] + others.compactMap(\.frame), shouldStop: context.shouldStop)
            case .element(.end(let error?)): throw error
            case .element(.end(nil)), .closed, .timeout:
                guard describer.frameCount > 0 else { throw EmptyClip() }
                return try describer.finish(shouldStop: context.shouldStop)
            }
        }
    }
}

extension FrameMessage {
    /// The frame, if it is one.
    fileprivate var frame: VideoFrame? {
        guard case .frame(let frame) = self else { return nil }
        return frame
    }
}

/// A clip without a single frame.
struct EmptyClip: Error, CustomStringConvertible {
    let description = "the clip holds no frame that can be decoded"
}
