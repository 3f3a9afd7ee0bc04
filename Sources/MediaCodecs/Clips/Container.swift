import CLibAV
import Glibc

/// An open clip: libav's demuxer on one file, with everything off that could lead out of it.
final class Container {
    /// Decoders that may run: what cameras, telephones, screens and the web have recorded with.
    private static let decoders = [
        "h264", "hevc", "libdav1d", "libaom-av1", "av1", "vp8", "vp9", "libvpx", "libvpx-vp9",
        "mpeg4", "h263", "mpeg1video", "mpeg2video", "mjpeg", "msmpeg4v1", "msmpeg4", "msmpeg4v2",
        "prores", "dnxhd", "dvvideo", "theora", "huffyuv", "ffvhuff", "ffv1", "utvideo", "cinepak",
        "svq1", "svq3", "indeo3", "rawvideo", "png", "qtrle", "wmv1", "wmv2", "flv", "cfhd",
        "wmv3", "vc1", "mss1", "mss2", "h263p", "h263i", "indeo4", "indeo5", "msvideo1", "msrle",
        "vp6", "vp6f", "vp6a", "flashsv", "flashsv2", "rpza", "smc", "8bps",
    ].joined(separator: ",")

    /// libav's structure.
    private(set) var format: UnsafeMutablePointer<AVFormatContext>
    private let input: AVFileInput

    /// Opens a clip of a format that was recognised from its content.
    init(_ file: InputFile, _ clipFormat: any ClipFormat) throws(CodecError) {
        input = try AVFileInput(file)
        let name = clipFormat.demuxer
        guard let demuxer = av_find_input_format(name), let format = avformat_alloc_context() else {
            throw .failed("this libavformat cannot read \(name)")
        }
        format.pointee.pb = input.context
        format.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
        format.pointee.io_open = { _, _, _, _, _ in vignette_error_permission }
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        av_dict_set(&options, "codec_whitelist", Self.decoders, 0)
        av_dict_set(&options, "format_whitelist", String(cString: demuxer.pointee.name), 0)
        av_dict_set(&options, "protocol_whitelist", "none", 0)
        av_dict_set(&options, "max_streams", "64", 0)
        for (key, value) in clipFormat.demuxerOptions { av_dict_set(&options, key, value, 0) }
        var opened: UnsafeMutablePointer<AVFormatContext>? = format
        // On failure libav frees the structure itself.
        let code = avformat_open_input(&opened, nil, demuxer, &options)
        if let fault = input.fault { throw fault }
        try AVError.check(code, "opening the clip")
        self.format = format
        let found = avformat_find_stream_info(format, nil)
        if let fault = input.fault { throw fault }
        try AVError.check(found, "reading the clip's streams")
    }

    deinit {
        var closing: UnsafeMutablePointer<AVFormatContext>? = format
        avformat_close_input(&closing)
    }

    /// Whether it was made to be sent, and says little about where its parts begin and end.
    var isStreamed: Bool {
        ["mpegts", "mpeg"].contains(String(cString: format.pointee.iformat.pointee.name))
    }

    /// Whether it says when frames are decoded, and not when they are shown.
    var knowsDecodingTimesOnly: Bool {
        String(cString: format.pointee.iformat.pointee.name) == "avi"
    }

    /// The verdict on a clip that is whole, and in a coding that is not read.
    func unsupportedCoding(of stream: UnsafeMutablePointer<AVStream>) -> CodecError {
        let name = String(cString: avcodec_get_name(stream.pointee.codecpar.pointee.codec_id))
        return .rejected("is a clip in a coding that is not supported (\(name))")
    }

    /// The disk's error, if reading failed.
    var fault: CodecError? { input.fault }

    /// The stream to look at: the default one or else the largest, cover pictures left out.
    func videoStream() throws(CodecError) -> UnsafeMutablePointer<AVStream> {
        var best: UnsafeMutablePointer<AVStream>?
        for index in 0..<Int(format.pointee.nb_streams) {
            guard let stream = format.pointee.streams[index],
                stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO,
                stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
            else { continue }
            if let current = best, Self.rank(current) >= Self.rank(stream) { continue }
            best = stream
        }
        guard let best else {
            throw .rejected("has no video in it, at most sound or a cover picture")
        }
        for index in 0..<Int(format.pointee.nb_streams) {
            guard let stream = format.pointee.streams[index], stream != best else { continue }
            stream.pointee.discard = AVDISCARD_ALL
        }
        return best
    }

    private static func rank(_ stream: UnsafeMutablePointer<AVStream>) -> (Int, Int) {
        let parameters = stream.pointee.codecpar.pointee
        let isDefault = stream.pointee.disposition & AV_DISPOSITION_DEFAULT != 0
        return (isDefault ? 1 : 0, Int(parameters.width) * Int(parameters.height))
    }

    /// The value of the first of `keys` that the file or the stream has, cut to `maximum` bytes.
    func text(
        _ keys: [String], _ stream: UnsafeMutablePointer<AVStream>, maximum: Int = 256
    ) -> String? {
        for key in keys {
            for dictionary in [format.pointee.metadata, stream.pointee.metadata] {
                guard let entry = av_dict_get(dictionary, key, nil, 0) else { continue }
                let count = strnlen(entry.pointee.value, maximum)
                return LegacyText.decode(
                    UnsafeBufferPointer(start: entry.pointee.value, count: count).map {
                        UInt8(bitPattern: $0)
                    })
            }
        }
        return nil
    }
}
