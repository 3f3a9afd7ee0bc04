// Products with packed weights for any processor: the slow twin of the others.
#include "expanding.h"

static void expand(vk_format format, const vk_panel *panel, size_t first, size_t groups,
                   void *expanded) {
    int16_t *target = expanded;
#define STORE(vector, i, value) target[(vector) * 64 + (i)] = (int16_t)(value)
    for (size_t group = first; group < first + groups; group++, target += 512)
        VK_EXPAND_GROUP(format, panel, group, STORE)
#undef STORE
}

static void sum(const void *expanded, size_t length, size_t rows, const int8_t *values,
                int32_t sums[VK_TILE][VK_PANEL]) {
    for (size_t row = 0; row < rows; row++) {
        const int16_t *weights = expanded;
        for (size_t o = 0; o < VK_PANEL; o++) sums[row][o] = 0;
        for (size_t k = 0; k < length; k += 4, weights += 64)
            for (size_t o = 0; o < VK_PANEL; o++)
                for (size_t i = 0; i < 4; i++)
                    sums[row][o] += (int32_t)weights[o * 4 + i] * values[k * rows + row * 4 + i];
    }
}

static void multiply(vk_format format, const uint8_t *weights, size_t panels, size_t outputs,
                     const vk_rows *x, float *y, size_t stride, int adds) {
    int16_t scratch[VK_BLOCK * VK_PANEL];
    vk_generic_multiply(format, weights, panels, outputs, x, y, stride, adds, scratch, expand, sum);
}

const vk_kernels vk_portable_kernels = {vk_generic_quantise_block, multiply, 0};
