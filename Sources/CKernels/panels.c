// The public functions of attention in panels: each calls the chosen instruction set's.
#include "kernels.h"

void vk_pack_keys(const vk_segment *segments, size_t count, size_t head, size_t width, size_t keys,
                  float *panels) {
    vk_chosen_elements()->pack_keys(segments, count, head, width, keys, panels);
}

void vk_pack_values(const vk_segment *segments, size_t count, size_t head, size_t width,
                    size_t keys, float *panels) {
    vk_chosen_elements()->pack_values(segments, count, head, width, keys, panels);
}

void vk_multiply_panels(const float *x, size_t rows, size_t x_stride, size_t depth,
                        const float *panels, size_t panel_rows, size_t columns, float *y,
                        size_t y_stride) {
    vk_chosen_elements()->multiply_panels(x, rows, x_stride, depth, panels, panel_rows, columns, y,
                                         y_stride);
}

int vk_has_pairs(void) { return vk_chosen_pair_products() != NULL; }

void vk_pack_key_pairs(const vk_segment *segments, size_t count, size_t head, size_t width,
                       size_t keys, vk_pair *panels) {
    vk_chosen_pair_products()->pack_keys(segments, count, head, width, keys, panels);
}

void vk_pack_value_pairs(const vk_segment *segments, size_t count, size_t head, size_t width,
                         size_t keys, vk_pair *panels) {
    vk_chosen_pair_products()->pack_values(segments, count, head, width, keys, panels);
}

void vk_round_pairs(const float *x, size_t rows, size_t stride, size_t depth, vk_pair *pairs,
                    size_t pairs_stride) {
    vk_chosen_pair_products()->round(x, rows, stride, depth, pairs, pairs_stride);
}

void vk_multiply_pairs(const vk_pair *x, size_t rows, size_t x_stride, size_t depth,
                       const vk_pair *panels, size_t panel_rows, size_t columns, float *y,
                       size_t y_stride) {
    vk_chosen_pair_products()->multiply(x, rows, x_stride, depth, panels, panel_rows, columns, y,
                                        y_stride);
}
