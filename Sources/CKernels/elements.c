// The public row and element loops: each calls the chosen instruction set's.
#include "kernels.h"

void vk_rms_norm(const float *restrict x, const float *restrict weight, float *restrict y,
                 size_t rows, size_t width, float epsilon) {
    vk_chosen_elements()->rms_norm(x, weight, y, rows, width, epsilon);
}

void vk_layer_norm(const float *restrict x, const float *restrict weight,
                   const float *restrict bias, float *restrict y, size_t rows, size_t width,
                   float epsilon) {
    vk_chosen_elements()->layer_norm(x, weight, bias, y, rows, width, epsilon);
}

void vk_softmax(float *restrict scores, size_t rows, size_t stride, size_t columns, size_t visible,
                size_t step, const uint8_t *restrict hidden, float scale) {
    vk_chosen_elements()->softmax(scores, rows, stride, columns, visible, step, hidden, scale);
}

void vk_fill_rows(float *restrict y, const float *restrict row, size_t rows, size_t width) {
    vk_chosen_elements()->fill_rows(y, row, rows, width);
}

int vk_top_two(const float *restrict x, size_t count, size_t *best, float *first, float *second) {
    return vk_chosen_elements()->top_two(x, count, best, first, second);
}

void vk_add(float *restrict y, const float *restrict x, size_t count) {
    vk_chosen_elements()->add(y, x, count);
}

void vk_add_scaled(float *restrict y, const float *restrict x, float scale, size_t count) {
    vk_chosen_elements()->add_scaled(y, x, scale, count);
}

void vk_running_mean(float *restrict mean, const float *restrict x, float share, size_t count) {
    vk_chosen_elements()->running_mean(mean, x, share, count);
}

void vk_silu_multiply(float *restrict gate, const float *restrict up, size_t count) {
    vk_chosen_elements()->silu_multiply(gate, up, count);
}

void vk_quick_gelu(float *x, size_t count) { vk_chosen_elements()->quick_gelu(x, count); }

void vk_gelu(float *x, size_t count) { vk_chosen_elements()->gelu(x, count); }

void vk_relu6(float *x, size_t count) { vk_chosen_elements()->relu6(x, count); }

void vk_rotary_angles(const int32_t *restrict positions, size_t count,
                      const float *restrict frequencies, size_t half, float *restrict cosine,
                      float *restrict sine) {
    vk_chosen_elements()->rotary_angles(positions, count, frequencies, half, cosine, sine);
}

void vk_rotate(float *restrict x, size_t rows, size_t heads, size_t half,
               const float *restrict cosine, const float *restrict sine) {
    vk_chosen_elements()->rotate(x, rows, heads, half, cosine, sine);
}

void vk_bf16_to_f32(const void *restrict source, float *restrict y, size_t count) {
    vk_chosen_elements()->bf16_to_f32(source, y, count);
}

void vk_f16_to_f32(const void *restrict source, float *restrict y, size_t count) {
    vk_chosen_elements()->f16_to_f32(source, y, count);
}

void vk_f32_to_f16(const float *restrict x, void *restrict target, size_t count) {
    vk_chosen_elements()->f32_to_f16(x, target, count);
}

void vk_attend(const float *restrict queries, size_t heads, size_t width,
               const vk_segment *segments, size_t count, size_t key_head, float scale,
               float *restrict scores, float *restrict y) {
    vk_chosen_elements()->attend(queries, heads, width, segments, count, key_head, scale, scores,
                                 y);
}

void vk_depthwise_relu6(const float *restrict x, size_t edge, const vk_filter *filter,
                        float *restrict y, size_t out, size_t first, size_t last) {
    vk_chosen_elements()->depthwise_relu6(x, edge, filter, y, out, first, last);
}
