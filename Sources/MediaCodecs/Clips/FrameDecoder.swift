import CLibAV
import MediaDecoding

/// Decodes a clip's frames in the order in which they are shown, from any keyframe on.
///
/// One thread: the decoder shares the machine with the model, for which each frame costs far more.
final class FrameDecoder {
    /// Packets in a row that may fail before a clip is given up.
    private static let maximumFailures = 1000

    private let clip: VideoFile
    private var context: UnsafeMutablePointer<AVCodecContext>?
    private var packet = av_packet_alloc()
    private var hasPacket = false
    private var isDrained = false
    /// Where the last packet that was read stands, in the stream's units of decoding time.
    private var position = Int64.min
    /// Frames shown before this are leftovers of the group before the keyframe, and broken.
    private var firstWhole = Int64.min

    init(_ clip: VideoFile, limits: DecoderLimits) throws(CodecError) {
        self.clip = clip
        let parameters = clip.stream.pointee.codecpar
        guard let id = parameters?.pointee.codec_id, let decoder = avcodec_find_decoder(id),
            let context = avcodec_alloc_context3(decoder)
        else { throw .rejected("is a clip in a coding that this libavcodec cannot read") }
        self.context = context
        try AVError.check(avcodec_parameters_to_context(context, parameters), "opening the clip")
        context.pointee.thread_count = 1
        context.pointee.max_pixels = Int64(limits.maximumFramePixels)
        context.pointee.pkt_timebase = clip.stream.pointee.time_base
        let whitelist = clip.container.format.pointee.codec_whitelist
        context.pointee.codec_whitelist = whitelist.flatMap { av_strdup($0) }
        try AVError.check(avcodec_open2(context, decoder, nil), "opening the clip's decoder")
    }

    deinit {
        avcodec_free_context(&context)
        av_packet_free(&packet)
    }

    /// Decodes the next frame into `frame`; `false` at the end.
    func next(into frame: UnsafeMutablePointer<AVFrame>) throws(CodecError) -> Bool {
        var failures = 0
        while failures < Self.maximumFailures {
            let code = avcodec_receive_frame(context, frame)
            if code == 0 {
                if frame.pointee.best_effort_timestamp >= firstWhole
                    || frame.pointee.best_effort_timestamp == vignette_no_timestamp
                {
                    return true
                }
                continue
            }
            if code == vignette_error_end { return false }
            if code == vignette_error_memory { throw AVError.error(code, "decoding a frame") }
            failures += try feed() ? 0 : 1
        }
        return false
    }

    /// Gives the decoder a packet, or tells it that there are no more; `false` if it refused.
    private func feed() throws(CodecError) -> Bool {
        if !hasPacket { _ = try read() }
        guard hasPacket else {
            guard !isDrained else { return false }
            isDrained = true
            return avcodec_send_packet(context, nil) == 0
        }
        let code = avcodec_send_packet(context, packet)
        if code == vignette_error_again { return false }
        av_packet_unref(packet)
        hasPacket = false
        if code == vignette_error_memory { throw AVError.error(code, "decoding a frame") }
        return code == 0
    }

    /// Reads the stream's next packet; `false` at the end of the file.
    private func read() throws(CodecError) -> Bool {
        while true {
            let code = av_read_frame(clip.container.format, packet)
            if let fault = clip.container.fault { throw fault }
            guard code == 0, let packet else { return false }
            guard packet.pointee.stream_index == clip.stream.pointee.index else {
                av_packet_unref(packet)
                continue
            }
            let stamp = packet.pointee.dts
            position = stamp == vignette_no_timestamp ? packet.pointee.pts : stamp
            hasPacket = true
            return true
        }
    }

    /// Reads packets up to the next keyframe; `nil` at the end of the file.
    private func readKeyframe() throws(CodecError) -> Int64? {
        while try read(), let packet {
            let isKey = packet.pointee.flags & AV_PKT_FLAG_KEY != 0
            // AVI knows when a frame is decoded, not when it is shown, which is never earlier.
            let shown = packet.pointee.pts
            let stamp = shown == vignette_no_timestamp ? packet.pointee.dts : shown
            if isKey, stamp != vignette_no_timestamp { return stamp }
            av_packet_unref(packet)
            hasPacket = false
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
        guard position != vignette_no_timestamp,
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

    /// Goes to the first frame; needed also before anything was read, for the index of Matroska.
    func rewind() throws(CodecError) {
        let start = clip.stream.pointee.start_time
        let stamp = start == vignette_no_timestamp ? 0 : start
        if try !seek(to: stamp) {
            // No packet is marked as a keyframe, which some network cameras forget: the first one is.
            let index = clip.stream.pointee.index
            _ = av_seek_frame(
                clip.container.format, index, stamp, AVSEEK_FLAG_BACKWARD | AVSEEK_FLAG_ANY)
            forget()
        }
        firstWhole = Int64.min
    }

    /// Goes to the keyframe that libav finds before `stamp`; `false` if it finds none.
    private func seek(to stamp: Int64) throws(CodecError) -> Bool {
        let index = clip.stream.pointee.index
        guard av_seek_frame(clip.container.format, index, stamp, AVSEEK_FLAG_BACKWARD) >= 0
        else { return false }
        forget()
        guard let shown = try readKeyframe() else { return false }
        firstWhole = shown
        return true
    }

    /// Drops what was read and decoded, after a jump.
    private func forget() {
        avcodec_flush_buffers(context)
        av_packet_unref(packet)
        hasPacket = false
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
