#pragma once
// What the instruction sets without a kernel of their own for it share: quantising rows and turning
// packed blocks into plain integers. Included by each of their files, so that the compiler
// vectorises it for that instruction set.
#include <math.h>

#include "kernels.h"

// A block that holds an infinity or no number gets a scale that is no number, so that it shows.
static inline void vk_generic_quantise_block(const float *x, size_t count, size_t length,
                                             size_t rows, int8_t *values, float *scale,
                                             int32_t *offset) {
    float top = 0, poison = 0;
    for (size_t i = 0; i < count; i++) {
        const float magnitude = fabsf(x[i]);
        top = magnitude > top ? magnitude : top;
        poison += x[i] * 0;
    }
    // Below this the inverse would overflow.
    const float inverse = poison == 0 && top > 1e-30f ? 127.0f / top : 0;
    int32_t sum = 0;
    for (size_t i = 0; i < length; i++) {
        const int8_t value = i < count && inverse > 0 ? (int8_t)rintf(x[i] * inverse) : 0;
        values[i / 4 * 4 * rows + i % 4] = value;
        sum += value;
    }
    *scale = inverse > 0 ? top / 127.0f : poison;
    *offset = -128 * sum;
}

// The 32 inputs of a group of a panel as signed integers, given to `store(vector, i, value)` for
// vectors of 64, [16][4].
#define VK_EXPAND_GROUP(format, panel, group, store)                                            \
    if (format == VK_Q8) {                                                                      \
        const uint8_t *weights = (panel)->weights + (group) * 512;                              \
        for (size_t v = 0; v < 8; v++)                                                          \
            for (size_t i = 0; i < 64; i++) store(v, i, weights[v * 64 + i] - 128);             \
    } else {                                                                                    \
        const uint8_t *pairs = (panel)->weights + (group) * 256;                                \
        const uint8_t *steps = (panel)->steps + (group) * VK_PANEL;                             \
        int16_t factors[64], zeros[64];                                                         \
        for (size_t i = 0; i < 64; i++) {                                                       \
            factors[i] = (int16_t)((steps[i / 4] & 15) + 1);                                    \
            zeros[i] = (int16_t)(steps[i / 4] >> 4);                                            \
        }                                                                                       \
        for (size_t v = 0; v < 4; v++)                                                          \
            for (size_t i = 0; i < 64; i++) {                                                   \
                store(2 * v, i, (int16_t)(factors[i] * ((pairs[v * 64 + i] & 15) - zeros[i]))); \
                store(2 * v + 1, i,                                                             \
                      (int16_t)(factors[i] * ((pairs[v * 64 + i] >> 4) - zeros[i])));           \
            }                                                                                   \
    }

// Sums of a tile of rows with an expanded block of a panel: sums[row][output].
typedef void vk_sum_tile(const void *expanded, size_t length, size_t rows, const int8_t *values,
                         int32_t sums[VK_TILE][VK_PANEL]);
// Expands a block: the parts of the panel, the first group, how many groups, the target.
typedef void vk_expand_block(vk_format format, const vk_panel *panel, size_t first, size_t groups,
                             void *expanded);

// Panel by panel, block by block, tile by tile. `scratch` holds an expanded block.
static inline __attribute__((always_inline)) void vk_generic_multiply(
    vk_format format, const uint8_t *weights, size_t panels, size_t outputs, const vk_rows *x,
    float *y, size_t stride, int adds, void *scratch, vk_expand_block *expand, vk_sum_tile *sum) {
    const size_t bytes = vk_panel_bytes(format, x->inputs), blocks = vk_blocks(x->inputs);
    for (size_t p = 0; p < panels; p++, y += VK_PANEL) {
        const vk_panel panel = vk_panel_at(format, weights + p * bytes, x->inputs);
        const size_t left = outputs - p * VK_PANEL, wide = left < VK_PANEL ? left : VK_PANEL;
        for (size_t block = 0; block < blocks; block++) {
            const size_t length = vk_block_length(x->inputs, block);
            expand(format, &panel, block * (VK_BLOCK / VK_GROUP), length / VK_GROUP, scratch);
            float factors[VK_PANEL];
            for (size_t o = 0; o < VK_PANEL; o++)
                factors[o] = vk_scale_of(panel.scales + (block * VK_PANEL + o) * 2);
            for (size_t row = 0; row < x->rows; row += VK_TILE) {
                const size_t rows = x->rows - row < VK_TILE ? x->rows - row : VK_TILE;
                const vk_tile tile = vk_tile_at(x, row, block);
                int32_t sums[VK_TILE][VK_PANEL];
                sum(scratch, length, rows, tile.values, sums);
                for (size_t r = 0; r < rows; r++)
                    for (size_t o = 0; o < wide; o++) {
                        float *target = y + (row + r) * stride + o;
                        const float before = adds || block > 0 ? *target : 0;
                        *target = before + (float)sums[r][o] * (tile.scales[r] * factors[o]);
                    }
            }
        }
    }
}
