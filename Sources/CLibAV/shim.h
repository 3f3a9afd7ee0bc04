#pragma once
// FFmpeg: containers (avformat), codecs (avcodec), pixel conversion (swscale), utilities.
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

// Macros with casts and calls in them, which Swift does not import.
static const int64_t vignette_no_timestamp = AV_NOPTS_VALUE;
static const int vignette_error_end = AVERROR_EOF;
static const int vignette_error_again = AVERROR(EAGAIN);
static const int vignette_error_memory = AVERROR(ENOMEM);
static const int vignette_error_io = AVERROR(EIO);
static const int vignette_error_permission = AVERROR(EPERM);
static const int vignette_error_invalid = AVERROR(EINVAL);

// swscale's flags, which are macros up to FFmpeg 7 and an enumeration from then on: bicubic filters
// that widen with the reduction, all of the chroma, the same bytes on every machine.
static const int vignette_scaling =
    SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT;
static const int vignette_matrix_hd = SWS_CS_ITU709;
static const int vignette_matrix_sd = SWS_CS_ITU601;

/// How long a frame is shown, in the stream's units; 0 if the file does not say.
///
/// The field `duration` came with FFmpeg 6.0, `pkt_duration` went with 7.0.
static inline int64_t vignette_frame_duration(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 2, 100)
    return frame->duration;
#else
    return frame->pkt_duration;
#endif
}

/// The nine numbers of a stream's display matrix; NULL without one.
///
/// Side data moved from the stream to its parameters with FFmpeg 6.1, and is gone from the stream
/// in FFmpeg 8.
static inline const int32_t *vignette_display_matrix(const AVStream *stream) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
    const AVPacketSideData *data = av_packet_side_data_get(
        stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data,
        AV_PKT_DATA_DISPLAYMATRIX);
    return data && data->size >= 9 * sizeof(int32_t) ? (const int32_t *)data->data : NULL;
#else
    size_t size = 0;
    const uint8_t *data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    return data && size >= 9 * sizeof(int32_t) ? (const int32_t *)data : NULL;
#endif
}
