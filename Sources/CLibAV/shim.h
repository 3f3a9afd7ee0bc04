#pragma once
// FFmpeg: containers (avformat), codecs (avcodec), pixel conversion (swscale), utilities.
#include <stdbool.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/dovi_meta.h>
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
static const int vignette_error_content = AVERROR_INVALIDDATA;
static const int vignette_error_unsupported = AVERROR_PATCHWELCOME;

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

/// The profile of Dolby Vision that a stream is in; negative without it.
static inline int vignette_dolby_vision_profile(const AVStream *stream) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
    const AVPacketSideData *data = av_packet_side_data_get(
        stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data,
        AV_PKT_DATA_DOVI_CONF);
    const AVDOVIDecoderConfigurationRecord *record =
        data && data->size >= sizeof *record ? (const void *)data->data : NULL;
#else
    size_t size = 0;
    const uint8_t *data = av_stream_get_side_data(stream, AV_PKT_DATA_DOVI_CONF, &size);
    const AVDOVIDecoderConfigurationRecord *record =
        data && size >= sizeof *record ? (const void *)data : NULL;
#endif
    return record ? record->dv_profile : -1;
}

/// Whether the decoder says that a frame needs no other one.
///
/// The flag came with FFmpeg 6.1, the field went with 8.
static inline bool vignette_is_key_frame(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    return frame->flags & AV_FRAME_FLAG_KEY;
#else
    return frame->key_frame;
#endif
}

/// Whether the decoder put something of its own where it could not read a frame.
static inline bool vignette_is_damaged(const AVFrame *frame) {
    return frame->decode_error_flags != 0 || (frame->flags & AV_FRAME_FLAG_CORRUPT);
}

// Marks: noise of 8 by 8 bytes at the lower right corner of each square of 64 pixels, where the last of the
// blocks stand that decoding fills in rows from the upper left. Some decoders (HEVC, VP8) end in the midst of
// a frame when its data make no sense, and hand it over without a word; a mark that is still there tells.
enum { vignette_mark_step = 64, vignette_mark_size = 8 };

static inline uint8_t vignette_mark(int x, int y) {
    return (uint8_t)((x * 37 + y * 101 + 13) * 7);
}

/// Sets the marks of a frame of `width` by `height` pixels, or counts those that are there.
static inline int vignette_visit_marks(
    const AVFrame *frame, int width, int height, bool is_setting) {
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
    if (!format || !frame->data[0] || width < vignette_mark_size || height < vignette_mark_size) {
        return 0;
    }
    int found = 0;
    for (int top = 0; top < height; top += vignette_mark_step) {
        const int bottom = top + vignette_mark_step < height ? top + vignette_mark_step : height;
        for (int left = 0; left < width; left += vignette_mark_step) {
            const int right = left + vignette_mark_step < width ? left + vignette_mark_step : width;
            bool is_there = true;
            for (int y = 0; y < vignette_mark_size; y++) {
                uint8_t *row = frame->data[0]
                    + (ptrdiff_t)(bottom - vignette_mark_size + y) * frame->linesize[0]
                    + (ptrdiff_t)(right - vignette_mark_size) * format->comp[0].step;
                for (int x = 0; x < vignette_mark_size; x++) {
                    if (is_setting) row[x] = vignette_mark(x, y);
                    else if (row[x] != vignette_mark(x, y)) is_there = false;
                }
            }
            found += is_there;
        }
    }
    return found;
}

static inline int vignette_get_marked_buffer(AVCodecContext *context, AVFrame *frame, int flags) {
    const int code = avcodec_default_get_buffer2(context, frame, flags);
    if (code < 0) return code;
    // What is seen of a frame: what codings add on the right and below is cut off later.
    const int width = context->width < frame->width ? context->width : frame->width;
    const int height = context->height < frame->height ? context->height : frame->height;
    vignette_visit_marks(frame, width, height, true);
    return code;
}

/// Lets all frames of a software decoder be marked before they are decoded; to be called before it is opened.
static inline void vignette_mark_frames(AVCodecContext *context) {
    context->get_buffer2 = vignette_get_marked_buffer;
}

/// Whether part of a frame that was marked has not been decoded.
static inline bool vignette_has_gaps(const AVFrame *frame) {
    return vignette_visit_marks(frame, frame->width, frame->height, false) > 0;
}

/// Sends a packet whose number its frame will have.
///
/// `reordered_opaque` was replaced by `AV_CODEC_FLAG_COPY_OPAQUE` between FFmpeg 5.1 and 6.0.
static inline int vignette_send_numbered(AVCodecContext *context, AVPacket *packet, int64_t number) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(59, 59, 100)
    context->flags |= AV_CODEC_FLAG_COPY_OPAQUE;
    // No packet is number 0, so that a frame without a number can be told.
    packet->opaque = (void *)(intptr_t)(number + 1);
#else
    context->reordered_opaque = number + 1;
#endif
    return avcodec_send_packet(context, packet);
}

/// The number of the packet from which a frame came; negative if the decoder did not keep it.
static inline int64_t vignette_packet_number(const AVFrame *frame) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(59, 59, 100)
    return (int64_t)(intptr_t)frame->opaque - 1;
#else
    return frame->reordered_opaque > 0 ? frame->reordered_opaque - 1 : -1;
#endif
}
