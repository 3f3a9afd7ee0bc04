import CLibAV
import Imaging

/// Decodes PNG, lossless JPEG, GIF and BMP through libav.
///
/// The whole file goes to the decoder as one packet. No demuxer is involved, so nothing in the file
/// can lead to other files.
struct LibAVStill {
    /// A decoder of libav, and what its format is called.
    struct Codec {
        let id: AVCodecID
        let name: String

        static let png = Self(id: AV_CODEC_ID_PNG, name: "PNG")
        static let gif = Self(id: AV_CODEC_ID_GIF, name: "GIF")
        static let losslessJPEG = Self(id: AV_CODEC_ID_MJPEG, name: "lossless JPEG")
        static let bmp = Self(id: AV_CODEC_ID_BMP, name: "BMP")
    }

    let codec: Codec
    let limits: StillLimits

    /// Decodes stored pixels to sRGB, scaled down if `minimumShortEdge` allows and that saves work;
    /// alpha is laid over white.
    func decode(
        _ bytes: [UInt8], colour: ColourDescription? = nil, minimumShortEdge: Int? = nil
    ) throws(CodecError) -> RGBImage {
        let name = codec.name
        guard let decoder = avcodec_find_decoder(codec.id),
            let context = avcodec_alloc_context3(decoder)
        else { throw .failed("this libavcodec cannot read \(name)") }
        var owned: UnsafeMutablePointer<AVCodecContext>? = context
        defer { avcodec_free_context(&owned) }
        context.pointee.thread_count = 1
        context.pointee.max_pixels = Int64(limits.maximumPixels)
        // A checksum that is wrong means pixels that are wrong.
        if codec.id == AV_CODEC_ID_PNG {
            context.pointee.err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE
        }
        try AVError.check(avcodec_open2(context, decoder, nil), "decoding \(name)")
        var frame = av_frame_alloc()
        defer { av_frame_free(&frame) }
        guard let frame else { throw .failed("no memory for a frame") }
        try decode(bytes, with: context, name, into: frame)
        guard let conversion = ColourConversion.of(colour, FramePixels.model(of: frame)) else {
            return try FramePixels.image(of: frame)
        }
        if let deep = FramePixels.deep(of: frame, paper: conversion.paper) {
            return conversion.convert(deep)
        }
        return conversion.convert(
            try FramePixels.image(of: frame).shrunk(minimumShortEdge: minimumShortEdge))
    }

    private func decode(
        _ bytes: [UInt8], with context: UnsafeMutablePointer<AVCodecContext>, _ name: String,
        into frame: UnsafeMutablePointer<AVFrame>
    ) throws(CodecError) {
        var packet = av_packet_alloc()
        defer { av_packet_free(&packet) }
        guard let packet, let size = Int32(exactly: bytes.count),
            av_new_packet(packet, size) == 0
        else { throw .failed("no memory for a packet") }
        bytes.withUnsafeBufferPointer { source in
            guard let from = source.baseAddress else { return }
            packet.pointee.data.update(from: from, count: source.count)
        }
        try AVError.check(avcodec_send_packet(context, packet), "decoding \(name)")
        _ = avcodec_send_packet(context, nil)
        try AVError.check(avcodec_receive_frame(context, frame), "decoding \(name)")
        guard frame.pointee.decode_error_flags == 0,
            frame.pointee.flags & AV_FRAME_FLAG_CORRUPT == 0
        else { throw .damaged("part of the picture is missing (\(name))") }
        try limits.check(width: Int(frame.pointee.width), height: Int(frame.pointee.height))
    }
}
