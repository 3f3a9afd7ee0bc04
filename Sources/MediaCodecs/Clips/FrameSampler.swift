import CLibAV
import Imaging
import MediaDecoding

/// Takes from a clip the frame that is shown at 0 s, 1 s, 2 s, … of it.
///
/// A second in which nothing new was shown gives the frame that was still standing. Memory holds
/// two frames, whatever the clip's length.
final class FrameSampler {
    /// A decoded frame and when it is shown.
    private struct Timed {
        var frame: UnsafeMutablePointer<AVFrame>
        var time = 0.0
        var isFilled = false
    }

    /// Seconds by which a frame may be late; containers round, and sums are not exact.
    private static let tolerance = 0.0005

    private let clip: VideoFile
    private let decoder: FrameDecoder
    private let limits: DecoderLimits
    private let minimumShortEdge: Int?
    private let scaler = Scaler()
    private var clock: FrameClock
    /// What is shown at the moment in question.
    private var shown: Timed
    /// What comes after it.
    private var coming: Timed
    private var canSkip = true

    init(
        _ clip: VideoFile, limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) {
        guard let first = av_frame_alloc(), let second = av_frame_alloc() else {
            throw .failed("no memory for a frame")
        }
        shown = Timed(frame: first)
        coming = Timed(frame: second)
        self.clip = clip
        self.limits = limits
        self.minimumShortEdge = minimumShortEdge
        clock = FrameClock(frameDuration: clip.frameDuration)
        do throws(CodecError) {
            decoder = try FrameDecoder(clip, limits: limits)
        } catch {
            Self.free(shown, coming)
            throw error
        }
    }

    deinit {
        Self.free(shown, coming)
    }

    private static func free(_ frames: Timed...) {
        for timed in frames {
            var frame: UnsafeMutablePointer<AVFrame>? = timed.frame
            av_frame_free(&frame)
        }
    }

    /// The first frame alone.
    static func first(
        of clip: VideoFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        var limits = limits
        limits.maximumFrames = 1
        var first: RGBImage?
        try FrameSampler(clip, limits: limits, minimumShortEdge: minimumShortEdge)
            .run { first = first ?? $0.image }
        guard let first else { throw .damaged("it has no whole frame") }
        return first
    }

    /// Hands each second's frame to `body`, in order.
    func run(_ body: (VideoFrame) -> Void) throws(CodecError) {
        try decoder.rewind()
        if try !advance(), !decoder.hasDamage {
            decoder.needNoKeys()
            try decoder.rewind()
            _ = try advance()
        }
        guard shown.isFilled else {
            if clip.isIncomplete { throw .cutShort }
            throw .damaged("none of its frames can be decoded (\(codecName))")
        }
        var last: VideoFrame?
        for second in 0..<limits.maximumFrames {
            let time = Double(second)
            guard let isNew = try moveTo(time) else { return }
            // What was recorded before the first whole frame is lost; that one stands for its second.
            let latest = last == nil ? time + 1 - Self.tolerance : time + Self.tolerance
            if shown.time > latest { continue }
            if isNew || last == nil { last = VideoFrame(second: time, image: try picture()) }
            guard var frame = last else { return }
            frame.second = time
            body(frame)
        }
    }

    /// Makes `shown` the frame at `time`; says whether it is another one, `nil` if the clip is over.
    private func moveTo(_ time: Double) throws(CodecError) -> Bool? {
        guard coming.isFilled else {
            return time < end(of: shown) ? false : nil
        }
        if time > coming.time { try skip(to: time + Self.tolerance) }
        var isNew = false
        while coming.isFilled, coming.time <= time + Self.tolerance {
            isNew = true
            guard try advance() else { break }
        }
        guard coming.isFilled || time < end(of: shown) else { return nil }
        return isNew
    }

    /// The next frame is shown, and the one after it decoded; `false` if there was no next.
    private func advance() throws(CodecError) -> Bool {
        if !coming.isFilled && !shown.isFilled { try decode() }
        guard coming.isFilled else { return false }
        swap(&shown, &coming)
        try decode()
        return true
    }

    /// Decodes the next whole frame; damaged ones only let time pass.
    private func decode() throws(CodecError) {
        coming.isFilled = false
        while !coming.isFilled {
            av_frame_unref(coming.frame)
            guard let decoded = try decoder.next(into: coming.frame) else { return }
            let unit = av_q2d(clip.stream.pointee.time_base)
            let start = clip.stream.pointee.start_time
            // Where the first frames are lost, those after them keep their times.
            if decoder.hasDamage, start != vignette_no_timestamp {
                clock.begin(at: Double(start) * unit)
            }
            coming.time = clock.time(of: decoded.stamp.map { Double($0) * unit })
            coming.isFilled = decoded.isIntact
        }
    }

    /// Leaves out frames that nobody will see, where the file's index allows.
    private func skip(to time: Double) throws(CodecError) {
        guard canSkip, clock.isUnbroken, let origin = clock.origin else { return }
        let stamp = (time + origin) / av_q2d(clip.stream.pointee.time_base)
        guard abs(stamp) < 0x1p60 else { return }
        switch try decoder.skip(to: Int64(stamp.rounded(.down))) {
        case .unneeded: return
        case .arrived:
            clock.move(to: time - 300)
            try decode()
            // A damaged keyframe, or an index that is wrong, may have led too far.
            guard coming.isFilled, coming.time > time else { return }
        case .lost: break
        }
        canSkip = false
        try decoder.rewind()
        clock.move(to: 0)
        try decode()
    }

    /// Until when a clip's last frame is shown; less a millisecond, for containers round.
    private func end(of timed: Timed) -> Double {
        let own =
            Double(vignette_frame_duration(timed.frame)) * av_q2d(clip.stream.pointee.time_base)
        let duration = own > 0 && own < 600 ? own : clip.frameDuration
        // Some clips claim a thousand frames a second and more.
        return timed.time + max(duration - 0.001, duration / 2)
    }

    private func picture() throws(CodecError) -> RGBImage {
        let frame = shown.frame
        let ratio = av_guess_sample_aspect_ratio(clip.container.format, clip.stream, frame)
        let square = SquarePixels.size(
            width: Int(frame.pointee.width), height: Int(frame.pointee.height), ratio)
        try StillLimits(maximumPixels: limits.maximumFramePixels, noun: "video frame")
            .check(width: square.width, height: square.height)
        let target = TargetSize.of(
            width: square.width, height: square.height, minimumShortEdge: minimumShortEdge)
        Scaler.complete(frame, from: clip.stream.pointee.codecpar.pointee)
        let image = try scaler.sRGB(frame, width: target.width, height: target.height)
        return clip.orientation.apply(to: image)
    }

    private var codecName: String {
        let id = clip.stream.pointee.codecpar.pointee.codec_id
        return String(cString: avcodec_get_name(id))
    }
}
