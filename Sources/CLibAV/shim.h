#pragma once
// FFmpeg: containers (avformat), codecs (avcodec), pixel conversion (swscale), utilities.
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libswscale/swscale.h>
