#pragma once
// The row and element loops that a model runs between its matrix products, and the pixel loops in
// front of it. In C because they must be quick in debug builds too (this target is always compiled
// -O3) and because restrict pointers let the compiler vectorise them. Nothing here allocates,
// starts a thread or keeps state; lengths are elements, strides are elements unless said otherwise.
#include <stddef.h>
#include <stdint.h>

#include "grids.h"
#include "levels.h"
#include "panels.h"
#include "quantised.h"
#include "similarity.h"

#ifdef __cplusplus
extern "C" {
#endif

// Rows. x and y are [rows, width], tightly packed, and may not overlap.

/// y = x / sqrt(mean(x²) + epsilon) * weight.
void vk_rms_norm(const float *restrict x, const float *restrict weight, float *restrict y,
                 size_t rows, size_t width, float epsilon);
/// y = (x - mean) / sqrt(variance + epsilon) * weight + bias, with the biased variance.
void vk_layer_norm(const float *restrict x, const float *restrict weight,
                   const float *restrict bias, float *restrict y, size_t rows, size_t width,
                   float epsilon);
/// In place, softmax(scale * scores) of each row. Row r sees the first `visible + r * step` of its
/// columns, without those whose `hidden` byte is set (NULL: none); what it does not see becomes 0,
/// and so does the whole row where it sees nothing.
void vk_softmax(float *restrict scores, size_t rows, size_t stride, size_t columns,
                size_t visible, size_t step, const uint8_t *restrict hidden, float scale);
/// Copies `row` [width] into each of the rows.
void vk_fill_rows(float *restrict y, const float *restrict row, size_t rows, size_t width);
/// Where the largest of the values is (the first of equals), it, and the largest of the others.
/// Returns 0 where a value is no number, 1 otherwise.
int vk_top_two(const float *restrict x, size_t count, size_t *best, float *first, float *second);

/// Rows of half precision that attention converts at once.
enum { VK_HALVES_AT_ONCE = 8 };

/// One query row's attention, for the `heads` neighbouring heads that share key-value head
/// `key_head`: queries and y [heads, width], over the keys of all segments. `scores` has room for
/// one number a head and key, and for VK_HALVES_AT_ONCE * width more.
void vk_attend(const float *restrict queries, size_t heads, size_t width,
               const vk_segment *segments, size_t count, size_t key_head, float scale,
               float *restrict scores, float *restrict y);

// Elements.

/// y += x.
void vk_add(float *restrict y, const float *restrict x, size_t count);
/// y += scale * x.
void vk_add_scaled(float *restrict y, const float *restrict x, float scale, size_t count);
/// mean += (x - mean) * share: the running mean, share being 1 / (values so far, x among them).
void vk_running_mean(float *restrict mean, const float *restrict x, float share, size_t count);
/// gate = gate * sigmoid(gate) * up.
void vk_silu_multiply(float *restrict gate, const float *restrict up, size_t count);
/// x = x * sigmoid(1.702 x): the activation of OpenAI's CLIP.
void vk_quick_gelu(float *x, size_t count);
/// x = x * (1 + erf(x / sqrt 2)) / 2.
void vk_gelu(float *x, size_t count);
/// x = min(max(x, 0), 6).
void vk_relu6(float *x, size_t count);

// Convolutions over square planes whose numbers lie place by place: [edge * edge, channels].

/// A filter of each channel by itself: weight [kernel * kernel, channels] and bias [channels]. A
/// place's taps begin `before` places above and left of `stride` times it; what lies outside of the
/// planes counts as 0.
typedef struct {
    const float *weight, *bias;
    size_t channels, kernel, stride, before;
} vk_filter;

/// The rows of places from `first` up to `last` of y [out * out, channels]: the filter's sums, cut to
/// 0 to 6.
void vk_depthwise_relu6(const float *restrict x, size_t edge, const vk_filter *filter,
                        float *restrict y, size_t out, size_t first, size_t last);

// Rotary position embedding, the half-split pairing of Hugging Face's Llama.

/// cosine and sine [count, half] of position * frequency, both in single precision.
void vk_rotary_angles(const int32_t *restrict positions, size_t count,
                      const float *restrict frequencies, size_t half, float *restrict cosine,
                      float *restrict sine);
/// Turns each pair (i, i + half) of each head of x [rows, heads * 2 * half] in place.
void vk_rotate(float *restrict x, size_t rows, size_t heads, size_t half,
               const float *restrict cosine, const float *restrict sine);

// Storage. Sources may be unaligned.

void vk_bf16_to_f32(const void *restrict source, float *restrict y, size_t count);
void vk_f16_to_f32(const void *restrict source, float *restrict y, size_t count);
/// Rounds to the nearest, of two the even one; what is too large becomes the largest, 65,504, and
/// what is no number stays none.
void vk_f32_to_f16(const float *restrict x, void *restrict target, size_t count);

// Pixels.

/// Cuts planes [channels, size, size] into rows [grid * grid, channels * patch * patch], the order
/// in which a convolution's weights lie; what is right of and below the grid is left out.
void vk_gather_patches(const float *restrict planes, float *restrict rows, size_t channels,
                       size_t size, size_t patch, size_t grid);
/// Cuts planes [channels, size, size] into what a convolution of `kernel` sees at each place:
/// rows [out * out, channels * kernel * kernel]. The taps lie as those of `vk_filter`.
void vk_gather_neighbours(const float *restrict planes, float *restrict rows, size_t channels,
                          size_t size, size_t kernel, size_t stride, size_t before, size_t out);
/// Interleaved RGB bytes to planes [3, count]: (pixel * scale - mean) / deviation.
void vk_normalise_rgb(const uint8_t *restrict pixels, float *restrict planes, size_t count,
                      float scale, const float *restrict mean, const float *restrict deviation);
/// One horizontal pass over RGB rows: output pixel x is the sum of `counts[x]` pixels from
/// `starts[x]` on times coefficients[x * taps ...], 22 bits after the point, rounded and clipped
/// to 8 bits. `source_stride` is in bytes.
void vk_resample_horizontally(const uint8_t *restrict source, size_t source_stride,
                              uint8_t *restrict target, size_t width, size_t rows,
                              const int32_t *restrict starts, const int32_t *restrict counts,
                              const int32_t *restrict coefficients, size_t taps);
/// The same down the columns; a row holds `row_bytes` bytes in source and target.
void vk_resample_vertically(const uint8_t *restrict source, size_t row_bytes,
                            uint8_t *restrict target, size_t rows,
                            const int32_t *restrict starts, const int32_t *restrict counts,
                            const int32_t *restrict coefficients, size_t taps);

#ifdef __cplusplus
}
#endif
