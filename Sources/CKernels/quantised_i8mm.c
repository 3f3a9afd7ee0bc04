// Products with packed weights by Arm's products of matrices of signed bytes: eight values of two rows
// times eight weights of two outputs.
#if defined(__aarch64__)
#include <arm_neon.h>

#pragma clang attribute push(__attribute__((target("dotprod,i8mm"))), apply_to = function)
#include "expanding.h"

enum { PAIRS = VK_PANEL / 2 };  // Pairs of outputs.

// A block as [length / 8][PAIRS][2][8].
static void expand(vk_format format, const vk_panel *panel, size_t first, size_t groups,
                   void *expanded) {
    int8_t *target = expanded;
#define STORE(vector, i, value) \
    target[(vector) / 2 * 128 + (i) / 4 * 8 + (vector) % 2 * 4 + (i) % 4] = (int8_t)(value)
    for (size_t group = first; group < first + groups; group++, target += 512)
        VK_EXPAND_GROUP(format, panel, group, STORE)
#undef STORE
}

// Eight values of two neighbouring rows; of one, and zeros, where there is no second.
static inline int8x16_t two_rows(const int8_t *values, size_t rows, int both) {
    int32x2_t early = vdup_n_s32(0), late = early;
    __builtin_memcpy(&early, values, both ? 8 : 4);
    __builtin_memcpy(&late, values + 4 * rows, both ? 8 : 4);
    return vreinterpretq_s8_s32(vcombine_s32(vzip1_s32(early, late), vzip2_s32(early, late)));
}

// The sums of one or two pairs of rows, the last of which may be a single row.
static inline __attribute__((always_inline)) void sum_pairs(const int count, const int both,
                                                            const int8_t *weights, size_t length,
                                                            size_t rows, const int8_t *values,
                                                            int32_t (*sums)[VK_PANEL]) {
    int32x4_t parts[2][PAIRS];
    for (int r = 0; r < count; r++)
        for (int p = 0; p < PAIRS; p++) parts[r][p] = vdupq_n_s32(0);
    for (size_t k = 0; k < length; k += 8, weights += 128, values += 8 * rows) {
        int8x16_t x[2];
        for (int r = 0; r < count; r++) x[r] = two_rows(values + 8 * r, rows, both);
        for (int p = 0; p < PAIRS; p++) {
            const int8x16_t w = vld1q_s8(weights + 16 * p);
            for (int r = 0; r < count; r++) parts[r][p] = vmmlaq_s32(parts[r][p], x[r], w);
        }
    }
    for (int r = 0; r < count; r++)
        for (int p = 0; p < PAIRS; p++) {
            vst1_s32(sums[2 * r] + 2 * p, vget_low_s32(parts[r][p]));
            if (both) vst1_s32(sums[2 * r + 1] + 2 * p, vget_high_s32(parts[r][p]));
        }
}

static void sum(const void *expanded, size_t length, size_t rows, const int8_t *values,
                int32_t sums[VK_TILE][VK_PANEL]) {
    size_t row = 0;
    for (; row + 4 <= rows; row += 4)
        sum_pairs(2, 1, expanded, length, rows, values + row * 4, sums + row);
    for (; row + 2 <= rows; row += 2)
        sum_pairs(1, 1, expanded, length, rows, values + row * 4, sums + row);
    if (row < rows) sum_pairs(1, 0, expanded, length, rows, values + row * 4, sums + row);
}

static void multiply(vk_format format, const uint8_t *weights, size_t panels, size_t outputs,
                     const vk_rows *x, float *y, size_t stride, int adds) {
    _Alignas(64) int8_t scratch[VK_BLOCK * VK_PANEL];
    vk_generic_multiply(format, weights, panels, outputs, x, y, stride, adds, scratch, expand, sum);
}

const vk_kernels vk_i8mm_kernels = {vk_generic_quantise_block, multiply, 0};
#pragma clang attribute pop
#endif
