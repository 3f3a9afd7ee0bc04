// Pixel loops, bound by memory rather than by arithmetic.
#include "CKernels.h"

#include <string.h>

enum { CHANNELS = 3, FRACTION_BITS = 22, COLUMNS = 96 };

static inline uint8_t rounded(int32_t sum) {
    const int32_t value = sum >> FRACTION_BITS;
    return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value;
}

void vk_gather_patches(const float *restrict planes, float *restrict rows, size_t channels,
                       size_t size, size_t patch, size_t grid) {
    for (size_t gy = 0; gy < grid; gy++)
        for (size_t gx = 0; gx < grid; gx++)
            for (size_t c = 0; c < channels; c++)
                for (size_t y = 0; y < patch; y++, rows += patch)
                    memcpy(rows, planes + (c * size + gy * patch + y) * size + gx * patch,
                           patch * sizeof *rows);
}

void vk_gather_neighbours(const float *restrict planes, float *restrict rows, size_t channels,
                          size_t size, size_t kernel, size_t stride, size_t before, size_t out) {
    for (size_t oy = 0; oy < out; oy++)
        for (size_t ox = 0; ox < out; ox++)
            for (size_t c = 0; c < channels; c++)
                for (size_t ky = 0; ky < kernel; ky++)
                    for (size_t kx = 0; kx < kernel; kx++) {
                        const size_t y = oy * stride + ky, x = ox * stride + kx;
                        const int inside = y >= before && y - before < size && x >= before &&
                                           x - before < size;
                        *rows++ = inside
                                      ? planes[(c * size + y - before) * size + x - before]
                                      : 0;
                    }
}

void vk_normalise_rgb(const uint8_t *restrict pixels, float *restrict planes, size_t count,
                      float scale, const float *restrict mean, const float *restrict deviation) {
    for (size_t c = 0; c < CHANNELS; c++) {
        float *restrict plane = planes + c * count;
        const float m = mean[c], d = deviation[c];
        for (size_t i = 0; i < count; i++)
            plane[i] = ((float)pixels[i * CHANNELS + c] * scale - m) / d;
    }
}

void vk_resample_horizontally(const uint8_t *restrict source, size_t source_stride,
                              uint8_t *restrict target, size_t width, size_t rows,
                              const int32_t *restrict starts, const int32_t *restrict counts,
                              const int32_t *restrict coefficients, size_t taps) {
    for (size_t r = 0; r < rows; r++, source += source_stride)
        for (size_t x = 0; x < width; x++, target += CHANNELS) {
            const int32_t *restrict k = coefficients + x * taps;
            const uint8_t *restrict p = source + (size_t)starts[x] * CHANNELS;
            int32_t red = 1 << (FRACTION_BITS - 1), green = red, blue = red;
            for (int32_t t = 0; t < counts[x]; t++, p += CHANNELS) {
                red += p[0] * k[t];
                green += p[1] * k[t];
                blue += p[2] * k[t];
            }
            target[0] = rounded(red);
            target[1] = rounded(green);
            target[2] = rounded(blue);
        }
}

// One strip of COLUMNS bytes at a time, so that the sums stay in registers and the source is read
// along its rows.
void vk_resample_vertically(const uint8_t *restrict source, size_t row_bytes,
                            uint8_t *restrict target, size_t rows,
                            const int32_t *restrict starts, const int32_t *restrict counts,
                            const int32_t *restrict coefficients, size_t taps) {
    for (size_t y = 0; y < rows; y++, target += row_bytes) {
        const int32_t *restrict k = coefficients + y * taps;
        for (size_t x = 0; x < row_bytes; x += COLUMNS) {
            const size_t wide = row_bytes - x < COLUMNS ? row_bytes - x : COLUMNS;
            int32_t sums[COLUMNS];
            for (size_t i = 0; i < COLUMNS; i++) sums[i] = 1 << (FRACTION_BITS - 1);
            const uint8_t *restrict p = source + (size_t)starts[y] * row_bytes + x;
            for (int32_t t = 0; t < counts[y]; t++, p += row_bytes)
                for (size_t i = 0; i < wide; i++) sums[i] += p[i] * k[t];
            for (size_t i = 0; i < wide; i++) target[x + i] = rounded(sums[i]);
        }
    }
}
