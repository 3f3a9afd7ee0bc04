#pragma once
// The loops that turn a picture's numbers into sRGB.

#include <stddef.h>
#include <stdint.h>

/// Numbers of a curve: one for each value of 16 bits.
enum { vignette_curve_count = 65536 };

/// How bright light is shown on a screen that ends at 1: factors by the brightest channel.
typedef struct {
    /// Light up to which nothing changes.
    float knee;
    /// The brightest light; what is above counts as this.
    float peak;
    /// `count` factors, at least two, for light from `knee` to `peak` in even steps.
    const float *factors;
    size_t count;
} vignette_tone_curve;

/// What red, green and blue of a picture mean.
typedef struct {
    /// Light of each value of red, green and blue, `vignette_curve_count` numbers each; 1 is white.
    const float *curves[3];
    /// From the picture's light to that of sRGB, row by row.
    float matrix[9];
    /// The factor by which a light of HLG is brighter on the screen, beside that of its luminance.
    ///
    /// 0 for all others.
    float hybrid_gain;
    /// The exponent of luminance in that factor.
    float hybrid_exponent;
    /// NULL where white is the brightest.
    const vignette_tone_curve *tone;
} vignette_shaper;

/// `count` pixels of red, green and blue to 8-bit sRGB; the two may be the same.
void vignette_shape_8(
    const vignette_shaper *shaper, const uint8_t *pixels, uint8_t *rgb, size_t count);

/// The same of 16 bits a channel.
void vignette_shape_16(
    const vignette_shaper *shaper, const uint16_t *pixels, uint8_t *rgb, size_t count);

/// Counts how bright pixels of 16 bits a channel are, before their tone curve.
///
/// Each pixel's brightest channel adds to one of `bins` counts, which are for light from 0 to
/// `maximum` in even steps; the last one counts what is above too.
void vignette_count_light(
    const vignette_shaper *shaper, const uint16_t *pixels, size_t count, float maximum,
    uint32_t *histogram, size_t bins);

/// `count` pixels of CIE L*a*b* to 8-bit sRGB; `matrix`, row by row, leads from X, Y and Z, each 1 for
/// the white that they are against, to sRGB's light.
///
/// L* is 0 to 100 in 0 to 65535; a* and b* are -128 to 128 less a step in 0 to 65535.
void vignette_lab_to_rgb(
    const float matrix[9], const uint16_t *lab, uint8_t *rgb, size_t count);

/// `count` pixels of grey, of red, green and blue, or of cyan, magenta, yellow and black (by their
/// `channels`: 1, 3, 4) to 8 bits as they are; of inks each lets through its share of white.
void vignette_narrow(const uint16_t *samples, unsigned channels, uint8_t *rgb, size_t count);

/// sRGB's 8 bits of a light from 0 to 1; anything else counts as the nearer of the two.
uint8_t vignette_encode_light(float light);
