import Catalogue
import Imaging
import MediaDecoding
import WorkQueue

/// Decoded pixels on their way from a decoding thread to the describing thread.
enum DescribingWork: Sendable {
    /// A picture.
    case still(StillWork)
    /// A clip whose frames come through a channel while it is described.
    case clip(ClipWork)

    /// The picture, if it is one.
    var still: StillWork? {
        guard case .still(let still) = self else { return nil }
        return still
    }
}

/// A job whose file is a picture.
struct StillWork: Sendable {
    let job: LeasedJob
    let work: WorkLease
    /// As large as the model looks at it.
    let image: RGBImage
}

/// A job whose file is a clip.
struct ClipWork: Sendable {
    let job: LeasedJob
    let work: WorkLease
    /// Seconds as the container states them.
    let duration: Double?
    let frames: FrameChannel
}

/// Frames of one clip, a few at a time, and how they ended.
typealias FrameChannel = BoundedQueue<FrameMessage>

/// One step of a clip.
enum FrameMessage: Sendable {
    /// The frame of the next second.
    case frame(VideoFrame)
    /// No more frames, and why if not because the clip is over.
    case end(DecodingError?)
}
