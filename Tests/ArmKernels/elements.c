// Row and element loops against their formulas in double precision.
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"
#include "check.h"

static const size_t widths[] = {1, 7, 15, 16, 17, 64, 129, 1000};
enum { ROWS = 3, WIDTHS = sizeof widths / sizeof *widths };

static void near(const float *y, const double *expected, size_t count, const char *what) {
    double worst = 0;
    for (size_t i = 0; i < count; i++) {
        const double off = fabs(y[i] - expected[i]) / fmax(1, fabs(expected[i]));
        worst = isnan(y[i]) || off > worst ? (isnan(y[i]) ? INFINITY : off) : worst;
    }
    check(worst < 4e-6, "%s of %zu: off by %g", what, count, worst);
}

static void norms(size_t width) {
    float *x = any_numbers(ROWS * width), *weight = any_numbers(width), *bias = any_numbers(width);
    float *y = room(ROWS * width * sizeof *y);
    double *expected = room(2 * ROWS * width * sizeof *expected), *centred = expected + ROWS * width;
    for (size_t r = 0; r < ROWS; r++) {
        const float *row = x + r * width;
        double mean = 0, squares = 0, variance = 0;
        for (size_t i = 0; i < width; i++) mean += row[i] / (double)width;
        for (size_t i = 0; i < width; i++) squares += (double)row[i] * row[i] / (double)width;
        for (size_t i = 0; i < width; i++) variance += pow(row[i] - mean, 2) / (double)width;
        for (size_t i = 0; i < width; i++) {
            expected[r * width + i] = row[i] / sqrt(squares + 1e-5) * weight[i];
            centred[r * width + i] = (row[i] - mean) / sqrt(variance + 1e-5) * weight[i] + bias[i];
        }
    }
    vk_rms_norm(x, weight, y, ROWS, width, 1e-5f);
    near(y, expected, ROWS * width, "root mean square norms");
    vk_layer_norm(x, weight, bias, y, ROWS, width, 1e-5f);
    near(y, centred, ROWS * width, "layer norms");
    free(x), free(weight), free(bias), free(y), free(expected);
}

static void softmaxes(size_t width) {
    float *y = any_numbers(ROWS * width);
    uint8_t *hidden = room(width);
    double *expected = room(ROWS * width * sizeof *expected);
    for (size_t i = 1; i < width; i += 3) hidden[i] = 1;
    for (size_t r = 0; r < ROWS; r++) {
        const size_t seen = width / 2 + 1 + r < width ? width / 2 + 1 + r : width;
        double all = 0;
        for (size_t i = 0; i < seen; i++) all += hidden[i] ? 0 : exp(y[r * width + i] * 0.7);
        for (size_t i = 0; i < seen; i++)
            expected[r * width + i] = hidden[i] ? 0 : exp(y[r * width + i] * 0.7) / all;
    }
    vk_softmax(y, ROWS, width, width, width / 2 + 1, 1, hidden, 0.7f);
    near(y, expected, ROWS * width, "softmaxes");
    free(y), free(hidden), free(expected);
}

// Rounds numbers to half precision, and gives what they were rounded to.
static uint16_t *rounded(float *numbers, size_t count) {
    uint16_t *halves = room(count * sizeof *halves);
    vk_f32_to_f16(numbers, halves, count);
    vk_f16_to_f32(halves, numbers, count);
    return halves;
}

// The attention of rows that share a head, by copies of its keys and values.
static void in_panels(const float *queries, size_t rows, size_t width, const vk_segment segments[2],
                      size_t keys, float *y) {
    const size_t across = vk_panels(keys) * VK_ACROSS;
    float *packed = room(across * width * sizeof *packed);
    float *values = room(vk_panels(width) * VK_ACROSS * keys * sizeof *values);
    float *scores = room(rows * across * sizeof *scores);
    vk_pack_keys(segments, 2, 0, width, keys, packed);
    vk_pack_values(segments, 2, 0, width, keys, values);
    vk_multiply_panels(queries, rows, width, width, packed, width, across, scores, across);
    vk_softmax(scores, rows, across, keys, keys, 0, NULL, 0.1f);
    vk_multiply_panels(scores, rows, across, keys, values, keys, width, y, width);
    free(packed), free(values), free(scores);
}

static void attention(size_t width) {
    enum { KEYS = 13, HEADS = 2 };
    float *queries = any_numbers(HEADS * width), *keys = any_numbers(KEYS * width);
    float *values = any_numbers(KEYS * width), *y = room(HEADS * width * sizeof *y);
    float *scores = room((HEADS * KEYS + VK_HALVES_AT_ONCE * width) * sizeof *scores);
    uint16_t *halves = rounded(keys + 5 * width, (KEYS - 5) * width);
    uint16_t *more_halves = rounded(values + 5 * width, (KEYS - 5) * width);
    double *expected = room(HEADS * width * sizeof *expected);
    for (size_t h = 0; h < HEADS; h++) {
        double weights[KEYS], all = 0;
        for (size_t k = 0; k < KEYS; k++) {
            double product = 0;
            for (size_t i = 0; i < width; i++)
                product += (double)queries[h * width + i] * keys[k * width + i];
            all += weights[k] = exp(product * 0.1);
        }
        for (size_t k = 0; k < KEYS; k++)
            for (size_t i = 0; i < width; i++)
                expected[h * width + i] += weights[k] / all * values[k * width + i];
    }
    const vk_segment segments[] = {{keys, values, 5, width, 0},
                                   {keys + 5 * width, values + 5 * width, KEYS - 5, width, 0}};
    vk_attend(queries, HEADS, width, segments, 2, 0, 0.1f, scores, y);
    near(y, expected, HEADS * width, "attention");
    // The same numbers, the latter part in half precision.
    const vk_segment mixed[] = {segments[0], {halves, more_halves, KEYS - 5, width, 1}};
    vk_attend(queries, HEADS, width, mixed, 2, 0, 0.1f, scores, y);
    near(y, expected, HEADS * width, "attention in half precision");
    in_panels(queries, HEADS, width, mixed, KEYS, y);
    near(y, expected, HEADS * width, "attention in panels");
    free(queries), free(keys), free(values), free(y), free(expected), free(scores), free(halves);
    free(more_halves);
}

typedef void activation(float *, size_t);

static void activations(size_t width) {
    activation *const functions[] = {vk_quick_gelu, vk_gelu, vk_relu6};
    const char *const names[] = {"quick GELU", "GELU", "ReLU6"};
    for (size_t f = 0; f < 3; f++) {
        float *x = any_numbers(width);
        double *expected = room(width * sizeof *expected);
        for (size_t i = 0; i < width; i++) {
            const double v = x[i] *= 8;
            const double results[] = {v / (1 + exp(-1.702 * v)), v * (1 + erf(v / sqrt(2))) / 2,
                                      fmin(fmax(v, 0), 6)};
            expected[i] = results[f];
        }
        functions[f](x, width);
        near(x, expected, width, names[f]);
        free(x), free(expected);
    }
}

static void sums(size_t width) {
    float *x = any_numbers(width), *up = any_numbers(width), *y = room(width * sizeof *y);
    double *expected = room(width * sizeof *expected);
    size_t best = 0;
    for (size_t i = 0; i < width; i++) {
        expected[i] = x[i] / (1 + exp(-(double)x[i])) * up[i];
        best = x[i] > x[best] ? i : best;
    }
    memcpy(y, x, width * sizeof *y);
    vk_silu_multiply(y, up, width);
    near(y, expected, width, "gated SiLU");
    for (size_t i = 0; i < width; i++) expected[i] = x[i] + (double)up[i] + 0.25 * x[i];
    memcpy(y, x, width * sizeof *y);
    vk_add(y, up, width);
    vk_add_scaled(y, x, 0.25f, width);
    near(y, expected, width, "sums");
    for (size_t i = 0; i < width; i++) expected[i] = x[i] + (up[i] - (double)x[i]) / 3;
    memcpy(y, x, width * sizeof *y);
    vk_running_mean(y, up, 1.0f / 3, width);
    near(y, expected, width, "running means");
    size_t place;
    float first, second;
    check(vk_top_two(x, width, &place, &first, &second) && place == best && first == x[best],
          "the largest of %zu", width);
    y[width / 2] = NAN;
    check(!vk_top_two(y, width, &place, &first, &second), "what is no number among %zu", width);
    free(x), free(up), free(y), free(expected);
}

static void rotations(size_t half) {
    const int32_t positions[ROWS] = {0, 5, 4000};
    float *frequencies = any_numbers(half), *x = any_numbers(ROWS * 2 * half);
    float *cosine = room(2 * ROWS * half * sizeof *cosine), *sine = cosine + ROWS * half;
    double *expected = room(ROWS * 2 * half * sizeof *expected);
    for (size_t r = 0; r < ROWS; r++)
        for (size_t i = 0; i < half; i++) {
            const float angle = (float)positions[r] * frequencies[i];
            const double a = x[r * 2 * half + i], b = x[r * 2 * half + half + i];
            expected[r * 2 * half + i] = a * cos(angle) - b * sin(angle);
            expected[r * 2 * half + half + i] = b * cos(angle) + a * sin(angle);
        }
    vk_rotary_angles(positions, ROWS, frequencies, half, cosine, sine);
    vk_rotate(x, ROWS, 1, half, cosine, sine);
    near(x, expected, ROWS * 2 * half, "rotations");
    free(frequencies), free(x), free(cosine), free(expected);
}

// Every number of 16 bits, from an odd address.
static void storage(void) {
    enum { ALL = 1 << 16 };
    uint8_t *bytes = room(2 * ALL + 1);
    float *y = room(ALL * sizeof *y);
    for (uint32_t i = 0; i < ALL; i++) {
        bytes[1 + 2 * i] = (uint8_t)i;
        bytes[2 + 2 * i] = (uint8_t)(i >> 8);
    }
    vk_bf16_to_f32(bytes + 1, y, ALL);
    int right = 1;
    for (uint32_t i = 0; i < ALL; i++) {
        uint32_t bits;
        memcpy(&bits, y + i, sizeof bits);
        right &= bits == i << 16;
    }
    check(right, "bfloat16");
    vk_f16_to_f32(bytes + 1, y, ALL);
    right = 1;
    for (uint32_t i = 0; i < ALL; i++) {
        const uint32_t exponent = i >> 10 & 31, mantissa = i & 1023;
        const double size = exponent ? ldexp(1024 + mantissa, (int)exponent - 25)
                                     : ldexp(mantissa, -24);
        const double value = i >> 15 ? -size : size;
        if (exponent == 31)
            right &= mantissa ? isnan(y[i]) : isinf(y[i]) && signbit(y[i]) == (int)(i >> 15);
        else
            right &= y[i] == (float)value;
    }
    check(right, "half precision");
    free(bytes), free(y);
}

// What a number becomes is as near as any other half, and of two as near the even one.
static int is_rounded(float x, uint16_t half) {
    const uint16_t sign = half & 0x8000, size = half & 0x7fff;
    float there, below = 0, above = 65504;
    vk_f16_to_f32(&half, &there, 1);
    if (size > 0x7bff || signbit(x) != (sign != 0)) return 0;
    const uint16_t lower = size ? (uint16_t)(size - 1) : 0;
    const uint16_t higher = size < 0x7bff ? (uint16_t)(size + 1) : size;
    vk_f16_to_f32(&lower, &below, 1);
    vk_f16_to_f32(&higher, &above, 1);
    const double off = fabs(fabs((double)x) - fabs((double)there));
    const double under = size ? fabs((double)x) - below : INFINITY;
    const double over = size < 0x7bff ? above - fabs((double)x) : INFINITY;
    return off < fmin(under, over) || (off == fmin(under, over) && size % 2 == 0);
}

static void rounds_to_halves(void) {
    enum { COUNT = 20000 };
    float *x = any_numbers(COUNT);
    uint16_t *halves = room(COUNT * sizeof *halves);
    for (int i = 0; i < COUNT; i++) x[i] = ldexpf(x[i], i % 45 - 27);
    // Halfway between two halves, twice: down and up to an even one.
    x[0] = 1 + 0x1p-11f, x[1] = 1 + 0x3p-11f, x[2] = 0x1p-25f, x[3] = -0x3p-25f, x[4] = 65519;
    vk_f32_to_f16(x, halves, COUNT);
    size_t wrong = 0;
    for (int i = 0; i < COUNT; i++)
        wrong += fabsf(x[i]) > 65504 ? (halves[i] & 0x7fff) != 0x7bff : !is_rounded(x[i], halves[i]);
    check(wrong == 0, "%zu of %d numbers rounded wrongly to halves", wrong, COUNT);
    const float strange[] = {INFINITY, -INFINITY, 1e30f, NAN};
    vk_f32_to_f16(strange, halves, 4);
    check(halves[0] == 0x7bff && halves[1] == 0xfbff && halves[2] == 0x7bff,
          "what is too large for a half");
    check((halves[3] & 0x7c00) == 0x7c00 && (halves[3] & 0x3ff) != 0, "what is no number as half");
    free(x), free(halves);
}

static void depthwise(size_t channels, size_t kernel, size_t stride) {
    enum { EDGE = 9 };
    const size_t out = (EDGE + stride - 1) / stride, before = kernel / 2;
    float *x = any_numbers(EDGE * EDGE * channels), *bias = any_numbers(channels);
    float *weight = any_numbers(kernel * kernel * channels);
    float *y = room(out * out * channels * sizeof *y);
    double *expected = room(out * out * channels * sizeof *expected);
    for (size_t place = 0; place < out * out; place++)
        for (size_t c = 0; c < channels; c++) {
            double sum = bias[c];
            for (size_t tap = 0; tap < kernel * kernel; tap++) {
                const size_t down = place / out * stride + tap / kernel - before;
                const size_t right = place % out * stride + tap % kernel - before;
                if (down < EDGE && right < EDGE)
                    sum += (double)x[(down * EDGE + right) * channels + c] *
                           weight[tap * channels + c];
            }
            expected[place * channels + c] = fmin(fmax(sum, 0), 6);
        }
    const vk_filter filter = {weight, bias, channels, kernel, stride, before};
    vk_depthwise_relu6(x, EDGE, &filter, y, out, 0, out);
    near(y, expected, out * out * channels, "depthwise convolutions");
    free(x), free(bias), free(weight), free(y), free(expected);
}

void check_elements(void) {
    for (size_t i = 0; i < WIDTHS; i++) {
        norms(widths[i]);
        softmaxes(widths[i]);
        attention(widths[i]);
        activations(widths[i]);
        sums(widths[i]);
        rotations(widths[i]);
        depthwise(widths[i] % 70 + 1, i % 2 ? 3 : 5, 1 + i % 2);
    }
    storage();
    rounds_to_halves();
}
