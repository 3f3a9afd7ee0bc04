#include "CColour.h"

#include <math.h>
#include <stdbool.h>

// Steps of the table of sRGB's curve. At its steepest, near black, a step is a fifth of an 8-bit one.
enum { steps = 16384 };

static uint8_t encoded[steps + 1];

// The table is made when the program is loaded: no thread sees it half made.
__attribute__((constructor)) static void fill_table(void) {
    for (int index = 0; index <= steps; index++) {
        const double light = (double)index / steps;
        // IEC 61966-2-1.
        const double value =
            light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055;
        encoded[index] = (uint8_t)(value * 255 + 0.5);
    }
}

uint8_t vignette_encode_light(float light) {
    // A comparison with what is no number is false, so that it becomes 0.
    const float bounded = light > 0 ? (light < 1 ? light : 1) : 0;
    return encoded[(int)(bounded * steps + 0.5F)];
}

static float brightest(const float light[3]) {
    const float two = light[0] > light[1] ? light[0] : light[1];
    return two > light[2] ? two : light[2];
}

// HLG's system gamma (ITU-R BT.2100, table 5): each channel grows with the scene's luminance.
static void apply_hybrid_gamma(const vignette_shaper *shaper, float light[3]) {
    const float luminance = 0.2627F * light[0] + 0.6780F * light[1] + 0.0593F * light[2];
    const float gain = luminance > 0
        ? shaper->hybrid_gain * powf(luminance, shaper->hybrid_exponent) : 0;
    for (int channel = 0; channel < 3; channel++) light[channel] *= gain;
}

static float tone_factor(const vignette_tone_curve *tone, float light) {
    if (!(light > tone->knee)) return 1;
    if (light >= tone->peak) return tone->factors[tone->count - 1] * tone->peak / light;
    const float place =
        (light - tone->knee) / (tone->peak - tone->knee) * (float)(tone->count - 1);
    const size_t index = (size_t)place;
    if (index + 1 >= tone->count) return tone->factors[tone->count - 1];
    const float part = place - (float)index;
    return tone->factors[index] * (1 - part) + tone->factors[index + 1] * part;
}

static inline void read_light(
    const vignette_shaper *shaper, unsigned red, unsigned green, unsigned blue, float light[3]) {
    light[0] = shaper->curves[0][red];
    light[1] = shaper->curves[1][green];
    light[2] = shaper->curves[2][blue];
    if (shaper->hybrid_gain > 0) apply_hybrid_gamma(shaper, light);
}

static inline void shape(const vignette_shaper *shaper, float light[3], uint8_t *rgb) {
    if (shaper->tone) {
        const float factor = tone_factor(shaper->tone, brightest(light));
        for (int channel = 0; channel < 3; channel++) light[channel] *= factor;
    }
    const float *row = shaper->matrix;
    for (int channel = 0; channel < 3; channel++, row += 3) {
        rgb[channel] =
            vignette_encode_light(row[0] * light[0] + row[1] * light[1] + row[2] * light[2]);
    }
}

void vignette_shape_8(
    const vignette_shaper *shaper, const uint8_t *pixels, uint8_t *rgb, size_t count) {
    for (size_t index = 0; index < count; index++, pixels += 3, rgb += 3) {
        float light[3];
        read_light(shaper, pixels[0] * 257U, pixels[1] * 257U, pixels[2] * 257U, light);
        shape(shaper, light, rgb);
    }
}

void vignette_shape_16(
    const vignette_shaper *shaper, const uint16_t *pixels, uint8_t *rgb, size_t count) {
    for (size_t index = 0; index < count; index++, pixels += 3, rgb += 3) {
        float light[3];
        read_light(shaper, pixels[0], pixels[1], pixels[2], light);
        shape(shaper, light, rgb);
    }
}

void vignette_count_light(
    const vignette_shaper *shaper, const uint16_t *pixels, size_t count, float maximum,
    uint32_t *histogram, size_t bins) {
    for (size_t index = 0; index < count; index++, pixels += 3) {
        float light[3];
        read_light(shaper, pixels[0], pixels[1], pixels[2], light);
        const float place = brightest(light) / maximum * (float)bins;
        const size_t bin = place > 0 ? (place < (float)bins ? (size_t)place : bins - 1) : 0;
        histogram[bin]++;
    }
}
