import CLibAV
import MediaDecoding

/// Decodes a clip's frames in the order in which they are shown, from any keyframe on.
///
/// One thread: the decoder shares the machine with the model, for which each frame costs far more.
final class FrameDecoder {
    /// Packets in a row that may fail before a clip is given up.
    private static let maximumFailures = 1000

    private let clip: VideoFile
    private let units: CodedUnits?
    private let leavesGaps: Bool
    private var intact: IntactFrames
    /// The times of frames where the container states none.
    private var times: DecodingTimes?
    /// Packets before the beginning of an edit, whose frames others need and nobody sees.
    private var hidden: Set<Int> = []
    private var context: UnsafeMutablePointer<AVCodecContext>?
    private var packet = av_packet_alloc()
    /// The number of the packet that is to be sent next, once it was read.
    private var number: Int?
    private var hasRead = false
    private var isDrained = false
    /// Where the last packet that was read stands, in the stream's units of decoding time.
    private var position = Int64.min
    /// Frames shown before this are leftovers of the group before the keyframe, and broken.
    private var firstWhole = Int64.min

    init(_ clip: VideoFile, limits: DecoderLimits) throws(CodecError) {
        self.clip = clip
        let parameters = clip.stream.pointee.codecpar
        guard let parameters, let decoder = avcodec_find_decoder(parameters.pointee.codec_id),
            let context = avcodec_alloc_context3(decoder)
        else { throw clip.container.unsupportedCoding(of: clip.stream) }
        let coding = ClipCoding(parameters.pointee.codec_id)
        units = CodedUnits(parameters.pointee)
        leavesGaps = coding.leavesGaps
        intact = IntactFrames(
            isIntraOnly: coding.isIntraOnly, decoderKnowsKeys: coding.decoderKnowsKeys)
        if clip.container.knowsDecodingTimesOnly { times = DecodingTimes() }
        self.context = context
        try AVError.check(avcodec_parameters_to_context(context, parameters), "opening the clip")
        context.pointee.thread_count = 1
        context.pointee.max_pixels = Int64(limits.maximumFramePixels)
        context.pointee.pkt_timebase = clip.stream.pointee.time_base
        if leavesGaps { vignette_mark_frames(context) }
        if coding.mustBeStrict { context.pointee.err_recognition |= AV_EF_EXPLODE }
        let whitelist = clip.container.format.pointee.codec_whitelist
        context.pointee.codec_whitelist = whitelist.flatMap { av_strdup($0) }
        let code = avcodec_open2(context, decoder, nil)
        if code == vignette_error_invalid {
            throw clip.container.unsupportedCoding(of: clip.stream)
        }
        try AVError.check(code, "opening the clip's decoder")
    }

    deinit {
        avcodec_free_context(&context)
        av_packet_free(&packet)
    }

    /// Whether anything that was decoded so far turned out to be damaged.
    var hasDamage: Bool { intact.hasDamage }

    /// From now on takes frames also where none stands for itself.
    func needNoKeys() { intact.needsNoKey = true }

    /// A frame that was decoded.
    struct Decoded {
        /// When it is shown, in the stream's units; `nil` if nobody knows.
        let stamp: Int64?
        /// Whether it shows what was recorded.
        let isIntact: Bool
    }

    /// Decodes the next frame into `frame`; `nil` at the end.
    func next(into frame: UnsafeMutablePointer<AVFrame>) throws(CodecError) -> Decoded? {
        var failures = 0
        while failures < Self.maximumFailures {
            let code = avcodec_receive_frame(context, frame)
            if code == 0 {
                if let decoded = judge(frame), decoded.stamp ?? Int64.max >= firstWhole {
                    return decoded
                }
                continue
            }
            if code == vignette_error_end { return nil }
            if code == vignette_error_memory { throw AVError.error(code, "decoding a frame") }
            failures += try feed() ? 0 : 1
        }
        return nil
    }

    /// Time and soundness of a frame; `nil` for one that is not to be seen.
    private func judge(_ frame: UnsafeMutablePointer<AVFrame>) -> Decoded? {
        let known = Int(vignette_packet_number(frame))
        let number = known < 0 ? nil : known
        let own = Self.stamp(frame.pointee.best_effort_timestamp)
        let stamp = times == nil ? own : times?.next(number: number)
        let isIntact = intact.isIntact(
            IntactFrames.Frame(
                number: number, stamp: times == nil ? own : nil,
                isKey: vignette_is_key_frame(frame),
                isDamaged: vignette_is_damaged(frame) || leavesGaps && vignette_has_gaps(frame),
                isBidirectional: frame.pointee.pict_type == AV_PICTURE_TYPE_B))
        if let number, hidden.remove(number) != nil { return nil }
        return Decoded(stamp: stamp, isIntact: isIntact)
    }

    /// A timestamp, if it is one.
    private static func stamp(_ value: Int64) -> Int64? {
        value == vignette_no_timestamp ? nil : value
    }

    /// Gives the decoder a packet, or tells it that there are no more; `false` if it refused.
    private func feed() throws(CodecError) -> Bool {
        if number == nil { _ = try read() }
        guard let number else {
            guard !isDrained else { return false }
            isDrained = true
            return avcodec_send_packet(context, nil) == 0
        }
        let code = vignette_send_numbered(context, packet, Int64(number))
        if code == vignette_error_again { return false }
        dropPacket()
        if code == vignette_error_memory { throw AVError.error(code, "decoding a frame") }
        if code < 0 {
            intact.cannotRead(number)
            times?.remove(number: number)
        }
        return code == 0
    }

    /// Reads the stream's next packet that can be used; `false` at the end of the file.
    private func read() throws(CodecError) -> Bool {
        hasRead = true
        while true {
            dropPacket()
            let code = av_read_frame(clip.container.format, packet)
            if let fault = clip.container.fault { throw fault }
            guard code == 0, let packet else { return false }
            guard packet.pointee.stream_index == clip.stream.pointee.index else { continue }
            let stamp = packet.pointee.dts
            position = stamp == vignette_no_timestamp ? packet.pointee.pts : stamp
            let isKey = packet.pointee.flags & AV_PKT_FLAG_KEY != 0
            let number = intact.number(
                isKey: isKey, stamp: times == nil ? Self.stamp(packet.pointee.pts) : nil)
            guard isPlausible(packet.pointee) else {
                intact.cannotRead(number)
                continue
            }
            guard !intact.awaitsKeyPacket else { continue }
            times?.add(Self.stamp(stamp), number: number)
            if packet.pointee.flags & AV_PKT_FLAG_DISCARD != 0 {
                packet.pointee.flags &= ~AV_PKT_FLAG_DISCARD
                hidden.insert(number)
            }
            self.number = number
            return true
        }
    }

    /// Whether a packet may be whole; transport streams are known to doubt what is.
    private func isPlausible(_ packet: AVPacket) -> Bool {
        if packet.flags & AV_PKT_FLAG_CORRUPT != 0, !clip.container.isStreamed { return false }
        let bytes = UnsafeBufferPointer(start: packet.data, count: Int(packet.size))
        return units?.arePlausible(bytes) ?? true
    }

    /// Forgets the packet that was read.
    private func dropPacket() {
        av_packet_unref(packet)
        number = nil
    }

    /// When a keyframe is shown.
    private enum Keyframe {
        case shown(Int64)
        case atSomeTime
    }

    /// Reads packets up to the next keyframe; `nil` at the end of the file.
    private func readKeyframe() throws(CodecError) -> Keyframe? {
        while try read(), let packet {
            guard packet.pointee.flags & AV_PKT_FLAG_KEY != 0 else { continue }
            // AVI knows when a frame is decoded, not when it is shown, which is never earlier.
            let stamp = Self.stamp(packet.pointee.pts) ?? Self.stamp(packet.pointee.dts)
            return stamp.map { .shown($0) } ?? .atSomeTime
        }
        return nil
    }
}

// MARK: - Seeking

extension FrameDecoder {
    /// What became of the wish to skip frames.
    enum Skip {
        /// Nothing would be skipped; decoding simply goes on.
        case unneeded
        /// The next frames lead to the wanted moment.
        case arrived
        /// The file's index is wrong, and decoding is now anywhere.
        case lost
    }

    /// Goes to the last keyframe from which `stamp` can be shown, if that skips anything.
    ///
    /// An index counts in decoding time, which runs ahead of showing time by the codec's delay. So
    /// the nearest keyframe is tried first and believed only if it is shown in time.
    func skip(to stamp: Int64) throws(CodecError) -> Skip {
        // A stream's times change with the place from which it is read. Where only decoding times are
        // known, those of a keyframe do not say when it is shown.
        guard !clip.container.isStreamed, position != vignette_no_timestamp,
            times == nil || !hasBidirectionalFrames,
            let keyframe = keyframe(atOrBefore: stamp), keyframe > position
        else { return .unneeded }
        let base = clip.stream.pointee.time_base
        let frames = Double(clip.stream.pointee.codecpar.pointee.video_delay)
        let delay = Int64(frames * clip.frameDuration / av_q2d(base))
        for attempt in [stamp + delay, stamp, stamp - Int64(2 / av_q2d(base))] {
            if try seek(to: attempt), firstWhole <= stamp { return .arrived }
        }
        return .lost
    }

    private var hasBidirectionalFrames: Bool {
        clip.stream.pointee.codecpar.pointee.video_delay > 0
            || context?.pointee.has_b_frames ?? 0 > 0
    }

    /// Goes to the first frame; needed also before anything was read, for the index of Matroska.
    func rewind() throws(CodecError) {
        let index = clip.stream.pointee.index
        let start = Self.stamp(clip.stream.pointee.start_time) ?? 0
        let first = avformat_index_get_entry(clip.stream, 0)?.pointee.timestamp
        let target = min(first ?? start, start)
        if clip.container.isStreamed {
            // What was read to find the streams comes first, with times that are lost by a jump.
            guard hasRead else { return }
            // Without an index, times would be looked for by trial.
            _ = av_seek_frame(clip.container.format, index, 0, AVSEEK_FLAG_BYTE)
            forget()
        } else if try !jumpToKeyframe(target) {
            // No packet is marked as a keyframe, which some network cameras forget: the first one is.
            _ = av_seek_frame(
                clip.container.format, index, target, AVSEEK_FLAG_BACKWARD | AVSEEK_FLAG_ANY)
            forget()
        }
        firstWhole = Int64.min
    }

    /// Goes to the keyframe that libav finds before `stamp`; `false` if it finds none whose time is known.
    private func seek(to stamp: Int64) throws(CodecError) -> Bool {
        guard jump(to: stamp), case .shown(let shown)? = try readKeyframe() else { return false }
        firstWhole = shown
        return true
    }

    private func jumpToKeyframe(_ stamp: Int64) throws(CodecError) -> Bool {
        guard jump(to: stamp) else { return false }
        return try readKeyframe() != nil
    }

    private func jump(to stamp: Int64) -> Bool {
        let index = clip.stream.pointee.index
        guard av_seek_frame(clip.container.format, index, stamp, AVSEEK_FLAG_BACKWARD) >= 0
        else { return false }
        forget()
        return true
    }

    /// Drops what was read and decoded, after a jump.
    private func forget() {
        avcodec_flush_buffers(context)
        dropPacket()
        intact.restart()
        times?.restart()
        hidden = []
        isDrained = false
        position = Int64.min
    }

    /// The index's last keyframe before `stamp`, in decoding time; `nil` without an index.
    private func keyframe(atOrBefore stamp: Int64) -> Int64? {
        let index = av_index_search_timestamp(clip.stream, stamp, AVSEEK_FLAG_BACKWARD)
        guard index >= 0, let entry = avformat_index_get_entry(clip.stream, index) else {
            return nil
        }
        return entry.pointee.timestamp
    }
}
