import CLibAV
import MediaDecoding
import MediaFormats

/// A clip and what its headers say, before a frame is decoded.
final class VideoFile {
    /// Packets at the beginning, among them those of the first second's pictures.
    private static let packetsWithNotes = 60

    let container: Container
    let stream: UnsafeMutablePointer<AVStream>
    /// How frames are to be turned (the track's display matrix).
    let orientation: Orientation
    /// Width in pixels as a person sees it.
    let width: Int
    /// Height in pixels as a person sees it.
    let height: Int
    /// Seconds; `nil` where the container does not say.
    let duration: Double?
    /// Whether the file ends before its container does.
    let isIncomplete: Bool
    /// When it was recorded, as the format's own reader says.
    private let takenAt: String?

    /// Opens a clip; refuses one without video, with too large frames, or of which nothing is left.
    init(_ file: InputFile, _ format: MediaFormat, limits: DecoderLimits) throws(CodecError) {
        let format = try FileFormats.clip(format)
        isIncomplete = try format.isCutShort(file)
        takenAt = try format.takenAt(file)
        do throws(CodecError) {
            container = try Container(file, format)
            stream = try container.videoStream()
        } catch {
            // A beginning may lack what would have told more.
            if isIncomplete, case .rejected = error { throw .cutShort }
            throw error
        }
        // Its numbers are no red, green and blue of any standard (IPT by Dolby's own curve and matrices), and
        // no layer below it says what they would be; other profiles hold HLG or PQ.
        guard vignette_dolby_vision_profile(stream) != 5 else {
            throw .notSupported(
                "a clip in Dolby Vision's profile 5, which only its own players show")
        }
        let parameters = stream.pointee.codecpar.pointee
        let frameLimits = StillLimits(maximumPixels: limits.maximumFramePixels, noun: "video frame")
        try frameLimits.check(width: Int(parameters.width), height: Int(parameters.height))
        let ratio = av_guess_sample_aspect_ratio(container.format, stream, nil)
        let shown = SquarePixels.size(
            width: Int(parameters.width), height: Int(parameters.height), ratio)
        try frameLimits.check(width: shown.width, height: shown.height)
        orientation = DisplayMatrix.orientation(of: stream)
        (width, height) = orientation.size(width: shown.width, height: shown.height)
        let stated = Self.duration(container.format.pointee, stream.pointee)
        duration = isIncomplete ? Self.duration(of: stream, within: file) ?? stated : stated
    }

    /// Until when the index lists what the file still holds; `nil` without an index.
    private static func duration(
        of stream: UnsafeMutablePointer<AVStream>, within file: InputFile
    ) -> Double? {
        let count = avformat_index_get_entries_count(stream)
        var last: Int64?
        for index in 0..<max(count, 0) {
            guard let entry = avformat_index_get_entry(stream, index) else { break }
            guard entry.pointee.pos + Int64(entry.pointee.size) <= Int64(file.count) else {
                continue
            }
            last = max(last ?? 0, entry.pointee.timestamp)
        }
        guard let last, let first = avformat_index_get_entry(stream, 0)?.pointee.timestamp,
            last > first
        else { return nil }
        let (ticks, overflow) = last.subtractingReportingOverflow(first)
        let seconds = Double(ticks) * av_q2d(stream.pointee.time_base)
        return overflow || !seconds.isFinite ? nil : seconds
    }

    private static func duration(_ format: AVFormatContext, _ stream: AVStream) -> Double? {
        let ofStream = Double(stream.duration) * av_q2d(stream.time_base)
        let ofFile = Double(format.duration) / Double(AV_TIME_BASE)
        for (value, raw) in [(ofStream, stream.duration), (ofFile, format.duration)]
        where raw != vignette_no_timestamp && value.isFinite && value > 0 { return value }
        return nil
    }

    /// Seconds that a frame is shown, on average; a guess where the container does not say.
    var frameDuration: Double {
        let rate = av_q2d(stream.pointee.avg_frame_rate)
        return rate.isFinite && rate > 0 ? min(max(1 / rate, 0.001), 60) : 0.04
    }

    /// When, where and with what it was taken.
    func metadata() throws(CodecError) -> MediaMetadata {
        var metadata = MediaMetadata()
        let moment = [
            "com.apple.quicktime.creationdate", "creation_time", "date", "creationdate",
            "modification_date",
        ]
        metadata.capture.takenAt =
            moment.lazy
            .compactMap { TakenAt.fromISO(self.container.text([$0], self.stream)) }.first ?? takenAt
        metadata.capture.camera = CameraName.join(
            maker: container.text(
                ["com.apple.quicktime.make", "make", "com.android.manufacturer", "maker"], stream),
            model: container.text(
                ["com.apple.quicktime.model", "model", "com.android.model"], stream))
        let place = container.text(
            ["com.apple.quicktime.location.ISO6709", "location", "location-eng"], stream)
        let position = place.flatMap(ISO6709.parse)
        metadata.capture.setPosition(latitude: position?.latitude, longitude: position?.longitude)
        try camcorderNotes()?.complete(&metadata.capture)
        metadata.contentIdentifier = container.text(
            ["com.apple.quicktime.content.identifier"], stream
        ).flatMap(ContentIdentifier.checked)
        var blocks = MetadataBlocks()
        if let packet = container.text(["xmp"], stream, maximum: MetadataBlocks.maximumBlock) {
            blocks.addXMP(Array(packet.utf8))
        }
        let keys = ["com.apple.quicktime.title", "title"]
        let descriptions = ["com.apple.quicktime.description", "description", "comment"]
        blocks.containerTexts = EmbeddedTexts(
            title: container.text(keys, stream),
            caption: container.text(
                descriptions, stream, maximum: EmbeddedTexts.maximumParagraphs),
            keywords: container.text(["com.apple.quicktime.keywords", "keywords"], stream)?
                .split(separator: ",").map(String.init) ?? [])
        return blocks.metadata(container: metadata)
    }

    /// What an AVCHD camcorder wrote into the first pictures.
    private func camcorderNotes() throws(CodecError) -> CamcorderNotes? {
        guard container.isStreamed, stream.pointee.codecpar.pointee.codec_id == AV_CODEC_ID_H264
        else { return nil }
        var packet = av_packet_alloc()
        defer { av_packet_free(&packet) }
        for _ in 0..<Self.packetsWithNotes {
            av_packet_unref(packet)
            let code = av_read_frame(container.format, packet)
            if let fault = container.fault { throw fault }
            guard code == 0, let packet else { return nil }
            let bytes = UnsafeBufferPointer(
                start: packet.pointee.data, count: Int(packet.pointee.size))
            if packet.pointee.stream_index == stream.pointee.index,
                let notes = CamcorderNotes(packet: bytes)
            {
                return notes
            }
        }
        return nil
    }
}
