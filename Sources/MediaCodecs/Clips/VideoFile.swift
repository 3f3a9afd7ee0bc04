import CLibAV
import MediaDecoding
import MediaFormats

/// A clip and what its headers say, before a frame is decoded.
final class VideoFile {
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

    /// Opens a clip; refuses one without video, cut short, or with too large frames.
    init(_ file: InputFile, _ format: MediaFormat, limits: DecoderLimits) throws(CodecError) {
        let format = try FileFormats.clip(format)
        try format.checkEnd(of: file)
        container = try Container(file, format)
        stream = try container.videoStream()
        let parameters = stream.pointee.codecpar.pointee
        let frameLimits = StillLimits(maximumPixels: limits.maximumFramePixels, noun: "video frame")
        try frameLimits.check(width: Int(parameters.width), height: Int(parameters.height))
        let ratio = av_guess_sample_aspect_ratio(container.format, stream, nil)
        let shown = SquarePixels.size(
            width: Int(parameters.width), height: Int(parameters.height), ratio)
        try frameLimits.check(width: shown.width, height: shown.height)
        orientation = DisplayMatrix.orientation(of: stream)
        (width, height) = orientation.size(width: shown.width, height: shown.height)
        duration = Self.duration(container.format.pointee, stream.pointee)
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
    var metadata: MediaMetadata {
        var metadata = MediaMetadata()
        let moment = ["com.apple.quicktime.creationdate", "creation_time", "date"]
        metadata.takenAt =
            moment.lazy
            .compactMap { TakenAt.fromISO(self.container.text([$0], self.stream)) }.first
        metadata.camera = CameraName.join(
            maker: container.text(
                ["com.apple.quicktime.make", "make", "com.android.manufacturer"], stream),
            model: container.text(
                ["com.apple.quicktime.model", "model", "com.android.model"], stream))
        let place = container.text(
            ["com.apple.quicktime.location.ISO6709", "location", "location-eng"], stream)
        let position = place.flatMap(ISO6709.parse)
        metadata.setPosition(latitude: position?.latitude, longitude: position?.longitude)
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
}
