import Captioning
import Catalogue
import FileSystem
import Imaging
import Likeness
import Logging
import MediaDecoding
import Synchronization
import SystemPackage
import WorkQueue

/// A file that is being worked on, as it was when it was lent out.
struct FileInHand: Sendable {
    /// The file's number.
    let fileID: Int64
    /// The root's number.
    let rootID: Int64
    /// Where the root is, absolute.
    let root: FilePath
    /// The file's path below the root.
    let relativePath: FilePath
    /// What the file is on.
    let volume: Volume
    /// What a look must still say of it.
    let status: FileStatus

    /// Where the file is, absolute.
    var path: FilePath { root.pushing(relativePath) }

    /// The file of a job.
    init(_ job: LeasedJob) {
        fileID = job.fileID
        rootID = job.rootID
        root = job.root
        relativePath = job.relativePath
        volume = job.volume
        status = job.status
    }

    /// The file that stands for an asset.
    init(_ source: WorkSource) {
        fileID = source.fileID
        rootID = source.rootID
        root = source.root
        relativePath = source.relativePath
        volume = source.volume
        status = source.status
    }
}

/// Something in a worker's hands: the lease, the file that it is about, and what was done so far.
struct Assignment: Sendable {
    /// What was lent out.
    enum Lease: Sendable {
        /// To find out what a file holds.
        case job(LeasedJob)
        /// To describe an asset.
        case work(WorkLease)
    }

    var lease: Lease
    let file: FileInHand
    var trace: JobTrace
    /// Whether it is known to be a clip.
    var isClip = false

    /// Takes a job up.
    init(_ job: LeasedJob) {
        lease = .job(job)
        file = FileInHand(job)
        trace = JobTrace("job \(job.id)")
    }

    /// Takes work up, at a file of its asset.
    init(_ work: WorkLease, at source: WorkSource) {
        lease = .work(work)
        file = FileInHand(source)
        trace = JobTrace("work \(work.id)")
    }

    /// The same file, now that its asset is to be described.
    func continued(by work: WorkLease) -> Assignment {
        var next = self
        next.lease = .work(work)
        next.trace.goesOn(as: "work \(work.id)")
        return next
    }

    /// Which job it is, by numbers and kind, for the log.
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [
            "file": .stringConvertible(file.fileID), "attempt": .stringConvertible(attempt),
        ]
        switch lease {
        case .job(let job):
            metadata["job"] = .stringConvertible(job.id)
            metadata["kind"] = "identify"
        case .work(let work):
            metadata["work"] = .stringConvertible(work.id)
            metadata["asset"] = .stringConvertible(work.asset)
            metadata["kind"] = .string(work.kind == .embed ? "embed" : "describe")
            metadata["media"] = .string(isClip ? "clip" : "still")
        }
        return metadata
    }

    /// Which attempt this is, counted from 1.
    var attempt: Int {
        switch lease {
        case .job(let job): job.attempt
        case .work(let work): work.attempt
        }
    }

    /// The work, where it is known that the asset is to be described.
    var work: WorkLease? {
        if case .work(let work) = lease { work } else { nil }
    }
}

/// What a look at pixels gave.
enum WorkResult: Sendable {
    /// What the model said, and what it made meanwhile.
    case description(PictureDescription)
    /// What the picture, or each second of the clip, is found by.
    case embeddings([PictureEmbedding])

    /// What became of the picture, in one word.
    var outcome: String {
        switch self {
        case .description: "described"
        case .embeddings: "embedded"
        }
    }
}

/// Decoded pixels on their way from a decoding thread to the describing thread.
enum DescribingWork: Sendable {
    /// A picture.
    case still(StillWork)
    /// A clip whose frames come through a channel while it is described.
    case clip(ClipWork)

    /// Bytes of pixels that wait; a clip's are in its channel.
    var byteCount: Int { still?.image.pixels.count ?? 0 }

    /// The picture, if it is one.
    var still: StillWork? {
        guard case .still(let still) = self else { return nil }
        return still
    }

    /// What it was decoded for.
    var assignment: Assignment {
        switch self {
        case .still(let still): still.assignment
        case .clip(let clip): clip.assignment
        }
    }
}

/// A picture to describe.
struct StillWork: Sendable {
    var assignment: Assignment
    /// As large as the model looks at it.
    let image: RGBImage
    /// What it is compared by with others.
    let signature: StoredSignature
    /// What the model is told of it; `nil` for nothing.
    var known: PictureContext?
}

/// A clip to describe.
struct ClipWork: Sendable {
    var assignment: Assignment
    /// Seconds as the container states them.
    let duration: Double?
    let frames: FrameChannel
    /// What the model is told of it; `nil` for nothing.
    var known: PictureContext?
    /// What its first frame looks like, for the page; there before the frame is.
    let signature = FirstSignature()
}

/// The signature of a clip's first frame, from the decoding thread for the describing one.
final class FirstSignature: Sendable {
    private let signature = Mutex<StoredSignature?>(nil)

    /// The signature; `nil` before the first frame.
    var value: StoredSignature? { signature.withLock { $0 } }

    /// Takes a frame, of which the first counts.
    func see(_ image: RGBImage) {
        signature.withLock { if $0 == nil { $0 = StoredSignature(PictureSignature(image)) } }
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

    /// The frame, if it is one.
    var frame: VideoFrame? {
        guard case .frame(let frame) = self else { return nil }
        return frame
    }

    /// Bytes of pixels.
    var byteCount: Int { frame?.image.pixels.count ?? 0 }
}
