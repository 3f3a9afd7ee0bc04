import CLibAV

/// What is to be known of a clip's coding before its frames are believed.
struct ClipCoding {
    private let id: AVCodecID

    init(_ id: AVCodecID) {
        self.id = id
    }

    /// Whether each frame stands for itself, as in Motion JPEG and ProRes.
    var isIntraOnly: Bool {
        guard let description = avcodec_descriptor_get(id) else { return false }
        return description.pointee.props & AV_CODEC_PROP_INTRA_ONLY != 0
    }

    /// Whether libav's decoder says of each frame whether it stands for itself.
    ///
    /// Of others the container is believed, which some recorders fill in carelessly.
    var decoderKnowsKeys: Bool {
        switch id {
        case AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO,
            AV_CODEC_ID_MPEG4, AV_CODEC_ID_H263, AV_CODEC_ID_FLV1, AV_CODEC_ID_MSMPEG4V1,
            AV_CODEC_ID_MSMPEG4V2, AV_CODEC_ID_MSMPEG4V3, AV_CODEC_ID_WMV1, AV_CODEC_ID_WMV2,
            AV_CODEC_ID_WMV3, AV_CODEC_ID_VC1, AV_CODEC_ID_VP8, AV_CODEC_ID_VP9, AV_CODEC_ID_AV1,
            AV_CODEC_ID_THEORA:
            true
        default: false
        }
    }

    /// Whether the decoder shows what it could not read without saying so, unless it is told to refuse.
    var mustBeStrict: Bool {
        id == AV_CODEC_ID_HEVC || id == AV_CODEC_ID_MJPEG
    }

    /// Whether the decoder may end in the midst of a frame without saying so.
    var leavesGaps: Bool {
        id == AV_CODEC_ID_HEVC || id == AV_CODEC_ID_VP8
    }
}
