import Catalogue
import Imaging
import MediaDecoding

/// Decoded pixels on their way from a decoding thread to the describing thread.
enum DescribingWork: Sendable {
    /// A picture.
    case still(LeasedJob, assetID: Int64, RGBImage)
    /// A clip whose frames come through a channel while it is described.
    case clip(LeasedJob, assetID: Int64, duration: Double?, FrameChannel)

    /// The job behind it.
    var job: LeasedJob {
        switch self {
        case .still(let job, _, _), .clip(let job, _, _, _): job
        }
    }
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
