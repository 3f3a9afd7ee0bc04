// Products in 16 bits, made of products in 8: a number is its quantised value and, quantised in
// turn, what that leaves over.
#include "kernels.h"

void vk_rows_rest(const float *x, const vk_rows *quantised, float *rest) {
    const size_t inputs = quantised->inputs;
    for (size_t row = 0; row < quantised->rows; row++) {
        const size_t place = row % VK_TILE, first = row - place;
        const size_t left = quantised->rows - first, rows = left < VK_TILE ? left : VK_TILE;
        for (size_t block = 0; block < vk_blocks(inputs); block++) {
            const vk_tile tile = vk_tile_at(quantised, first, block);
            const size_t start = row * inputs + block * VK_BLOCK;
            const size_t count =
                inputs - block * VK_BLOCK < VK_BLOCK ? inputs - block * VK_BLOCK : VK_BLOCK;
            const int8_t *values = tile.values + place * 4;
            for (size_t i = 0; i < count; i++)
                rest[start + i] =
                    x[start + i] - tile.scales[place] * (float)values[i / 4 * rows * 4 + i % 4];
        }
    }
}

// The product of both rests is left out: it is smaller than what either's rounding leaves over.
void vk_multiply_planes(const uint8_t *weights, size_t panels, size_t outputs, const vk_rows *x,
                        const vk_rows *rest, float *y, size_t stride, int adds) {
    const vk_kernels *kernels = vk_chosen_kernels();
    const size_t bytes = vk_panel_bytes(VK_Q8, x->inputs);
    for (size_t panel = 0; panel < panels; panel++, weights += 2 * bytes, y += VK_PANEL) {
        const size_t left = outputs - panel * VK_PANEL, here = left < VK_PANEL ? left : VK_PANEL;
        kernels->multiply(VK_Q8, weights, 1, here, x, y, stride, adds);
        kernels->multiply(VK_Q8, weights, 1, here, rest, y, stride, 1);
        kernels->multiply(VK_Q8, weights + bytes, 1, here, x, y, stride, 1);
    }
}
