#pragma once
// libjxl: JPEG XL.
#include <jxl/decode.h>
#include <jxl/version.h>
#include <stdbool.h>

// Until 0.8 these took one more argument, which nothing used.
#if JPEGXL_NUMERIC_VERSION >= JPEGXL_COMPUTE_NUMERIC_VERSION(0, 9, 0)
#define VIGNETTE_JXL(decoder) (decoder)
#else
#define VIGNETTE_JXL(decoder) (decoder), NULL
#endif

/// What the numbers of the decoded pixels stand for, as a profile of so many bytes; 0 without one.
static inline size_t vignette_jxl_profile_size(const JxlDecoder *decoder) {
    size_t size = 0;
    const JxlDecoderStatus status = JxlDecoderGetICCProfileSize(
        VIGNETTE_JXL(decoder), JXL_COLOR_PROFILE_TARGET_DATA, &size);
    return status == JXL_DEC_SUCCESS ? size : 0;
}

/// Copies that profile.
static inline bool vignette_jxl_profile(
    const JxlDecoder *decoder, uint8_t *profile, size_t size) {
    return JxlDecoderGetColorAsICCProfile(
               VIGNETTE_JXL(decoder), JXL_COLOR_PROFILE_TARGET_DATA, profile, size)
        == JXL_DEC_SUCCESS;
}

/// The same told by numbers; false where they do not suffice.
static inline bool vignette_jxl_colour(const JxlDecoder *decoder, JxlColorEncoding *colour) {
    return JxlDecoderGetColorAsEncodedProfile(
               VIGNETTE_JXL(decoder), JXL_COLOR_PROFILE_TARGET_DATA, colour)
        == JXL_DEC_SUCCESS;
}
