import MediaDecoding
struct VideoFile {
    let orientation = Orientation.upright
    let width = 1, height = 1
    let duration: Double? = nil
    let metadata = MediaMetadata()
    init(_ file: InputFile, _ format: MediaFormat, limits: DecoderLimits) throws(CodecError) {
        throw MediaFormat.unknown
    }
}
struct FrameSampler {
    init(_ clip: VideoFile, limits: DecoderLimits, minimumShortEdge: Int?) {}
    func run(_ body: (VideoFrame) -> Void) throws(CodecError) {}
}
