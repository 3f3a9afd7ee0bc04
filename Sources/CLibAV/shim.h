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
