#pragma once
// Row and element loops. Each instruction set's file includes this one, so that the compiler
// vectorises the same C for it, and puts the functions into a table. Sums run in LANES independent
// accumulators, because the compiler may not reorder floating point additions by itself and would
// otherwise leave every reduction scalar.
#include <math.h>
#include <string.h>

#include "kernels.h"

enum { LANES = 16 };

static inline float float_of(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

// e^x to about one unit in the last place, without a call or a branch, so that loops vectorise:
// x = n ln 2 + r, a polynomial (minimax, the one of Cephes) for e^r, and n added to the exponent.
// Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits of the sum. Beyond what
// single precision can hold the argument is clamped.
static inline float exponential(float x) {
    const float magic = 12582912.0f;
    x = x < -87.0f ? -87.0f : x;
    x = x > 88.0f ? 88.0f : x;
    const float shifted = x * 1.44269504f + magic;
    const float n = shifted - magic;
    const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    return p * float_of((bits_of(shifted) << 23) + (127u << 23));
}

// In pairs, so that few additions wait for one another.
static inline float total_of(float *lanes) {
    for (size_t half = LANES / 2; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++) lanes[l] += lanes[l + half];
    return lanes[0];
}

static inline float sum(const float *x, size_t count) {
    float lanes[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (size_t l = 0; l < LANES; l++) lanes[l] += x[i + l];
    for (; i < count; i++) lanes[i % LANES] += x[i];
    return total_of(lanes);
}

static inline float sum_of_squares(const float *x, size_t count, float centre) {
    float lanes[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (size_t l = 0; l < LANES; l++) {
            const float d = x[i + l] - centre;
            lanes[l] += d * d;
        }
    for (; i < count; i++) {
        const float d = x[i] - centre;
        lanes[i % LANES] += d * d;
    }
    return total_of(lanes);
}

static inline float dot(const float *restrict x, const float *restrict y, size_t count) {
    float lanes[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (size_t l = 0; l < LANES; l++) lanes[l] += x[i + l] * y[i + l];
    for (; i < count; i++) lanes[i % LANES] += x[i] * y[i];
    return total_of(lanes);
}

static inline float largest(const float *x, size_t count) {
    float lanes[LANES];
    for (size_t l = 0; l < LANES; l++) lanes[l] = -INFINITY;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (size_t l = 0; l < LANES; l++) lanes[l] = x[i + l] > lanes[l] ? x[i + l] : lanes[l];
    for (; i < count; i++) lanes[0] = x[i] > lanes[0] ? x[i] : lanes[0];
    float best = lanes[0];
    for (size_t l = 1; l < LANES; l++) best = lanes[l] > best ? lanes[l] : best;
    return best;
}

static void rms_norm(const float *restrict x, const float *restrict weight, float *restrict y,
                     size_t rows, size_t width, float epsilon) {
    for (size_t r = 0; r < rows; r++, x += width, y += width) {
        const float mean = sum_of_squares(x, width, 0) / (float)width;
        const float factor = 1.0f / sqrtf(mean + epsilon);
        for (size_t i = 0; i < width; i++) y[i] = x[i] * factor * weight[i];
    }
}

static void layer_norm(const float *restrict x, const float *restrict weight,
                       const float *restrict bias, float *restrict y, size_t rows, size_t width,
                       float epsilon) {
    for (size_t r = 0; r < rows; r++, x += width, y += width) {
        const float mean = sum(x, width) / (float)width;
        const float variance = sum_of_squares(x, width, mean) / (float)width;
        const float factor = 1.0f / sqrtf(variance + epsilon);
        for (size_t i = 0; i < width; i++) y[i] = (x[i] - mean) * factor * weight[i] + bias[i];
    }
}

static void softmax(float *restrict scores, size_t rows, size_t stride, size_t columns,
                    size_t visible, size_t step, const uint8_t *restrict hidden, float scale) {
    for (size_t r = 0; r < rows; r++) {
        float *restrict row = scores + r * stride;
        const size_t reach = visible + r * step;
        const size_t seen = reach < columns ? reach : columns;
        for (size_t i = seen; i < columns; i++) row[i] = 0;
        if (hidden)
            for (size_t i = 0; i < seen; i++) row[i] = hidden[i] ? -INFINITY : row[i];
        const float top = largest(row, seen);
        if (top == -INFINITY) {
            for (size_t i = 0; i < seen; i++) row[i] = 0;
            continue;
        }
        for (size_t i = 0; i < seen; i++) row[i] = exponential((row[i] - top) * scale);
        if (hidden)
            for (size_t i = 0; i < seen; i++) row[i] = hidden[i] ? 0 : row[i];
        const float share = 1.0f / sum(row, seen);
        for (size_t i = 0; i < seen; i++) row[i] *= share;
    }
}

static void fill_rows(float *restrict y, const float *restrict row, size_t rows, size_t width) {
    for (size_t r = 0; r < rows; r++) memcpy(y + r * width, row, width * sizeof *row);
}

static int top_two(const float *restrict x, size_t count, size_t *best, float *first,
                   float *second) {
    *best = 0;
    *first = *second = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        if (isnan(x[i])) return 0;
        if (x[i] > *first) {
            *second = *first;
            *first = x[i];
            *best = i;
        } else if (x[i] > *second) {
            *second = x[i];
        }
    }
    return 1;
}

static void add(float *restrict y, const float *restrict x, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] += x[i];
}

static void add_scaled(float *restrict y, const float *restrict x, float scale, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] += scale * x[i];
}

static void running_mean(float *restrict mean, const float *restrict x, float share, size_t count) {
    for (size_t i = 0; i < count; i++) mean[i] += (x[i] - mean[i]) * share;
}

static void silu_multiply(float *restrict gate, const float *restrict up, size_t count) {
    for (size_t i = 0; i < count; i++) gate[i] = gate[i] / (1.0f + exponential(-gate[i])) * up[i];
}

static void quick_gelu(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] = x[i] / (1.0f + exponential(-1.702f * x[i]));
}

// erf by Abramowitz and Stegun's formula 7.1.26, within 1.5e-7; the library's is a call that keeps
// loops from being vectorised.
static inline float error_function(float x) {
    const float magnitude = fabsf(x);
    const float t = 1.0f / (1.0f + 0.3275911f * magnitude);
    const float p =
        ((((1.061405429f * t - 1.453152027f) * t + 1.421413741f) * t - 0.284496736f) * t +
         0.254829592f) *
        t;
    return copysignf(1.0f - p * exponential(-magnitude * magnitude), x);
}

static void gelu(float *x, size_t count) {
    for (size_t i = 0; i < count; i++)
        x[i] = 0.5f * x[i] * (1.0f + error_function(x[i] * 0.70710678f));
}

static void rotary_angles(const int32_t *restrict positions, size_t count,
                          const float *restrict frequencies, size_t half, float *restrict cosine,
                          float *restrict sine) {
    for (size_t r = 0; r < count; r++)
        for (size_t i = 0; i < half; i++) {
            const float angle = (float)positions[r] * frequencies[i];
            cosine[r * half + i] = cosf(angle);
            sine[r * half + i] = sinf(angle);
        }
}

static void rotate(float *restrict x, size_t rows, size_t heads, size_t half,
                   const float *restrict cosine, const float *restrict sine) {
    for (size_t r = 0; r < rows; r++, cosine += half, sine += half)
        for (size_t h = 0; h < heads; h++, x += 2 * half)
            for (size_t i = 0; i < half; i++) {
                const float a = x[i], b = x[i + half];
                x[i] = a * cosine[i] - b * sine[i];
                x[i + half] = b * cosine[i] + a * sine[i];
            }
}

static void bf16_to_f32(const void *restrict source, float *restrict y, size_t count) {
    const char *restrict bytes = source;
    for (size_t i = 0; i < count; i++) {
        uint16_t half;
        memcpy(&half, bytes + 2 * i, sizeof half);
        y[i] = float_of((uint32_t)half << 16);
    }
}

// Half precision: with the processor's own conversions where the including file says that it has
// them (HAS_HALVES), by its bits elsewhere.
static inline float single_of(const void *half) {
#ifdef HAS_HALVES
    _Float16 value;
    memcpy(&value, half, sizeof value);
    return (float)value;
#else
    uint16_t bits;
    memcpy(&bits, half, sizeof bits);
    const uint32_t sign = (uint32_t)(bits & 0x8000) << 16;
    const uint32_t exponent = (bits >> 10) & 31, mantissa = bits & 1023;
    // Below the normal range a number is its mantissa times 2^-24; above it is infinity or no
    // number, whose exponent bits are all ones in either format.
    const uint32_t low = bits_of((float)mantissa * 0x1p-24f);
    const uint32_t high = (exponent == 31 ? 255u << 23 : (exponent + 112) << 23);
    return float_of(sign | (exponent == 0 ? low : high | (mantissa << 13)));
#endif
}

static inline void store_half(float x, void *half) {
    const float most = 65504;
    x = x > most ? most : x < -most ? -most : x;
#ifdef HAS_HALVES
    const _Float16 value = (_Float16)x;
    memcpy(half, &value, sizeof value);
#else
    const uint32_t bits = bits_of(x), magnitude = bits & 0x7fffffff;
    const uint32_t none = magnitude > 0x7f800000 ? 0x7e00 : 0;
    // Normal numbers lose 13 bits of their mantissa; others are counted in steps of 2^-24.
    const uint32_t normal = ((magnitude + 0xfff + (magnitude >> 13 & 1)) >> 13) - (112 << 10);
    const uint32_t small = (uint32_t)rintf(float_of(magnitude & 0x3fffffff) * 0x1p24f);
    const uint32_t number = none ? none : magnitude < 0x38800000 ? small : normal;
    const uint16_t value = (uint16_t)((bits >> 16 & 0x8000) | number);
    memcpy(half, &value, sizeof value);
#endif
}

static void f16_to_f32(const void *restrict source, float *restrict y, size_t count) {
    const char *restrict bytes = source;
    for (size_t i = 0; i < count; i++) y[i] = single_of(bytes + 2 * i);
}

static void f32_to_f16(const float *restrict x, void *restrict target, size_t count) {
    char *restrict bytes = target;
    for (size_t i = 0; i < count; i++) store_half(x[i], bytes + 2 * i);
}

#include "attention.h"
#include "panels_loops.h"

static void relu6(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const float least = x[i] > 0 ? x[i] : 0;
        x[i] = least < 6 ? least : 6;
    }
}

// Channels that are summed in registers at once.
enum { CHANNELS_AT_ONCE = 2 * LANES };

// The sum over a kernel's taps that lie in the picture, for the channels from `c` on, of which there
// are `count`: the whole block where the compiler knows so.
static inline void filter_channels(const float *restrict x, size_t edge, const vk_filter *filter,
                                   size_t oy, size_t ox, size_t c, size_t count,
                                   float *restrict y) {
    const size_t channels = filter->channels, kernel = filter->kernel;
    const size_t top = oy * filter->stride, left = ox * filter->stride, before = filter->before;
    float sums[CHANNELS_AT_ONCE];
    for (size_t i = 0; i < count; i++) sums[i] = filter->bias[c + i];
    for (size_t ky = 0; ky < kernel; ky++) {
        if (top + ky < before || top + ky - before >= edge) continue;
        for (size_t kx = 0; kx < kernel; kx++) {
            if (left + kx < before || left + kx - before >= edge) continue;
            const size_t place = (top + ky - before) * edge + left + kx - before;
            const float *restrict in = x + place * channels + c;
            const float *restrict weight = filter->weight + (ky * kernel + kx) * channels + c;
            for (size_t i = 0; i < count; i++) sums[i] += in[i] * weight[i];
        }
    }
    relu6(sums, count);
    memcpy(y, sums, count * sizeof *y);
}

static void depthwise_relu6(const float *restrict x, size_t edge, const vk_filter *filter,
                            float *restrict y, size_t out, size_t first, size_t last) {
    const size_t channels = filter->channels;
    for (size_t oy = first; oy < last; oy++)
        for (size_t ox = 0; ox < out; ox++) {
            float *restrict row = y + (oy * out + ox) * channels;
            size_t c = 0;
            for (; c + CHANNELS_AT_ONCE <= channels; c += CHANNELS_AT_ONCE)
                filter_channels(x, edge, filter, oy, ox, c, CHANNELS_AT_ONCE, row + c);
            if (c < channels)
                filter_channels(x, edge, filter, oy, ox, c, channels - c, row + c);
        }
}

#define VK_ELEMENTS(name)                                                                     \
    const vk_elements name = {rms_norm,      layer_norm,  softmax,         fill_rows,         \
                              top_two,       add,         add_scaled,      running_mean,      \
                              silu_multiply, quick_gelu,  gelu,            relu6,             \
                              rotary_angles, rotate,      bf16_to_f32,     f16_to_f32,        \
                              f32_to_f16,    attend,      depthwise_relu6, pack_keys,         \
                              pack_values,   multiply_panels}
