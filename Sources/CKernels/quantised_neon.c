// Products with packed weights by NEON's dot products of signed bytes.
#if defined(__aarch64__)
#include <arm_neon.h>

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#include "expanding.h"

static void expand(vk_format format, const vk_panel *panel, size_t first, size_t groups,
                   void *expanded) {
    int8_t *target = expanded;
#define STORE(vector, i, value) target[(vector) * 64 + (i)] = (int8_t)(value)
    for (size_t group = first; group < first + groups; group++, target += 512)
        VK_EXPAND_GROUP(format, panel, group, STORE)
#undef STORE
}

static inline __attribute__((always_inline)) void sum_rows(const int count, const int8_t *weights,
                                                           size_t length, size_t rows,
                                                           const int8_t *values,
                                                           int32_t sums[VK_TILE][VK_PANEL]) {
    int32x4_t parts[4][4];
    for (int r = 0; r < count; r++)
        for (int q = 0; q < 4; q++) parts[r][q] = vdupq_n_s32(0);
    for (size_t k = 0; k < length; k += 4, weights += 64, values += 4 * rows) {
        int8x16_t w[4];
        for (int q = 0; q < 4; q++) w[q] = vld1q_s8(weights + 16 * q);
        for (int r = 0; r < count; r++) {
            int32_t bits;
            __builtin_memcpy(&bits, values + 4 * r, 4);
            const int8x16_t value = vreinterpretq_s8_s32(vdupq_n_s32(bits));
            for (int q = 0; q < 4; q++) parts[r][q] = vdotq_s32(parts[r][q], w[q], value);
        }
    }
    for (int r = 0; r < count; r++)
        for (int q = 0; q < 4; q++) vst1q_s32(sums[r] + 4 * q, parts[r][q]);
}

static void sum(const void *expanded, size_t length, size_t rows, const int8_t *values,
                int32_t sums[VK_TILE][VK_PANEL]) {
    size_t row = 0;
    for (; row + 4 <= rows; row += 4)
        sum_rows(4, expanded, length, rows, values + row * 4, sums + row);
    for (; row < rows; row++) sum_rows(1, expanded, length, rows, values + row * 4, sums + row);
}

static void multiply(vk_format format, const uint8_t *weights, size_t panels, size_t outputs,
                     const vk_rows *x, float *y, size_t stride, int adds) {
    _Alignas(64) int8_t scratch[VK_BLOCK * VK_PANEL];
    vk_generic_multiply(format, weights, panels, outputs, x, y, stride, adds, scratch, expand, sum);
}

const vk_kernels vk_neon_kernels = {vk_generic_quantise_block, multiply, 0};
#pragma clang attribute pop
#endif
