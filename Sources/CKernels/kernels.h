#pragma once
// What each instruction set's file provides; levels.c chooses.
#include "CKernels.h"

typedef struct {
    void (*quantise_block)(const float *x, size_t count, size_t length, size_t rows, int8_t *values,
                           float *scale, int32_t *offset);
    void (*multiply)(vk_format format, const uint8_t *weights, size_t panels, size_t outputs,
                     const vk_rows *x, float *y, size_t stride, int adds);
    size_t summed_rows;  ///< Up to how many rows the sums of their groups are wanted.
} vk_kernels;

/// Row and element loops; CKernels.h says what each does.
typedef struct {
    void (*rms_norm)(const float *restrict x, const float *restrict weight, float *restrict y,
                     size_t rows, size_t width, float epsilon);
    void (*layer_norm)(const float *restrict x, const float *restrict weight,
                       const float *restrict bias, float *restrict y, size_t rows, size_t width,
                       float epsilon);
    void (*softmax)(float *restrict scores, size_t rows, size_t stride, size_t columns,
                    size_t visible, size_t step, const uint8_t *restrict hidden, float scale);
    void (*fill_rows)(float *restrict y, const float *restrict row, size_t rows, size_t width);
    int (*top_two)(const float *restrict x, size_t count, size_t *best, float *first,
                   float *second);
    void (*add)(float *restrict y, const float *restrict x, size_t count);
    void (*add_scaled)(float *restrict y, const float *restrict x, float scale, size_t count);
    void (*running_mean)(float *restrict mean, const float *restrict x, float share, size_t count);
    void (*silu_multiply)(float *restrict gate, const float *restrict up, size_t count);
    void (*quick_gelu)(float *x, size_t count);
    void (*gelu)(float *x, size_t count);
    void (*relu6)(float *x, size_t count);
    void (*rotary_angles)(const int32_t *restrict positions, size_t count,
                          const float *restrict frequencies, size_t half, float *restrict cosine,
                          float *restrict sine);
    void (*rotate)(float *restrict x, size_t rows, size_t heads, size_t half,
                   const float *restrict cosine, const float *restrict sine);
    void (*bf16_to_f32)(const void *restrict source, float *restrict y, size_t count);
    void (*f16_to_f32)(const void *restrict source, float *restrict y, size_t count);
    void (*f32_to_f16)(const float *restrict x, void *restrict target, size_t count);
    void (*attend)(const float *restrict queries, size_t heads, size_t width,
                   const vk_segment *segments, size_t count, size_t key_head, float scale,
                   float *restrict scores, float *restrict y);
    void (*depthwise_relu6)(const float *restrict x, size_t edge, const vk_filter *filter,
                            float *restrict y, size_t out, size_t first, size_t last);
    void (*pack_keys)(const vk_segment *segments, size_t count, size_t head, size_t width,
                      size_t keys, float *panels);
    void (*pack_values)(const vk_segment *segments, size_t count, size_t head, size_t width,
                        size_t keys, float *panels);
    void (*multiply_panels)(const float *x, size_t rows, size_t x_stride, size_t depth,
                            const float *panels, size_t panel_rows, size_t columns, float *y,
                            size_t y_stride);
} vk_elements;

const vk_elements *vk_chosen_elements(void);

extern const vk_elements vk_portable_elements;
#if defined(__x86_64__)
extern const vk_elements vk_avx2_elements, vk_avx512_elements;
#endif

/// Attention in bfloat16; panels.h says what each does.
typedef struct {
    void (*pack_keys)(const vk_segment *segments, size_t count, size_t head, size_t width,
                      size_t keys, vk_pair *panels);
    void (*pack_values)(const vk_segment *segments, size_t count, size_t head, size_t width,
                        size_t keys, vk_pair *panels);
    void (*round)(const float *x, size_t rows, size_t stride, size_t depth, vk_pair *pairs,
                  size_t pairs_stride);
    void (*multiply)(const vk_pair *x, size_t rows, size_t x_stride, size_t depth,
                     const vk_pair *panels, size_t panel_rows, size_t columns, float *y,
                     size_t y_stride);
} vk_pair_products;

/// NULL where the level has none.
const vk_pair_products *vk_chosen_pair_products(void);

#if defined(__x86_64__)
extern const vk_pair_products vk_avx512bf16_pair_products;
#endif

/// The search for near vectors; similarity.h says what each does.
typedef struct {
    uint32_t (*crc32c)(uint32_t crc, const void *bytes, size_t count);
    void (*estimate)(const vk_sign_query *query, const uint64_t *restrict signs,
                     const float *restrict factors, size_t count, size_t words,
                     float *restrict estimates);
    size_t (*score)(const vk_vectors *vectors, const uint32_t *places, size_t count, uint32_t first,
                    const float *query, float *scores);
} vk_similarity;

const vk_similarity *vk_chosen_similarity(void);

extern const vk_similarity vk_portable_similarity;
#if defined(__x86_64__)
extern const vk_similarity vk_avx2_similarity, vk_avx512_similarity;
#endif
#if defined(__aarch64__)
extern const vk_similarity vk_neon_similarity;
#endif

const vk_kernels *vk_chosen_kernels(void);

extern const vk_kernels vk_portable_kernels;
#if defined(__x86_64__)
extern const vk_kernels vk_avx2_kernels, vk_avx512vl_kernels, vk_avxvnni_kernels;
extern const vk_kernels vk_avx512_kernels;
#endif
#if defined(__aarch64__)
extern const vk_kernels vk_neon_kernels, vk_i8mm_kernels;
#endif

static inline float vk_scale_of(const uint8_t *scale) {
    union {
        uint32_t bits;
        float value;
    } number;
    number.bits = ((uint32_t)scale[0] | (uint32_t)scale[1] << 8) << 16;
    return number.value;
}

/// Inputs of block `block`, padded.
static inline size_t vk_block_length(size_t inputs, size_t block) {
    const size_t left = vk_padded(inputs) - block * VK_BLOCK;
    return left < VK_BLOCK ? left : VK_BLOCK;
}

/// Writes what `vk_rows` holds of a group whose values add up to `sum`.
static inline void vk_split_sum(int32_t sum, int8_t *bytes) {
    const int32_t sixteens = -sum >> 4, half = sixteens >> 1;
    bytes[0] = (int8_t)(-sum & 15);
    bytes[1] = (int8_t)half;
    bytes[2] = (int8_t)(sixteens - half);
    bytes[3] = 0;
}

/// Writes what `vk_rows` holds of the groups of a tile's block: sums [groups][rows][4].
static inline void vk_sum_groups(const int8_t *values, size_t rows, size_t groups, int8_t *sums) {
    for (size_t group = 0; group < groups; group++) {
        int32_t all[VK_TILE] = {0};
        for (size_t k = 0; k < VK_GROUP / 4; k++)
            for (size_t row = 0; row < rows; row++, values += 4)
                all[row] += values[0] + values[1] + values[2] + values[3];
        for (size_t row = 0; row < rows; row++)
            vk_split_sum(all[row], sums + (group * rows + row) * 4);
    }
}

/// Where a tile stands in a block.
typedef struct {
    int8_t *values;
    float *scales;
    int32_t *offsets;
    int8_t *sums;  ///< NULL where nobody wants them.
} vk_tile;

static inline vk_tile vk_tile_at(const vk_rows *x, size_t row, size_t block) {
    const size_t length = vk_block_length(x->inputs, block), before = block * x->rows;
    const size_t groups = before * (VK_BLOCK / VK_GROUP) + row * (length / VK_GROUP);
    return (vk_tile){x->values + before * VK_BLOCK + row * length, x->scales + before + row,
                     x->offsets + before + row, x->sums ? x->sums + groups * 4 : NULL};
}

/// Where the parts of a packed panel begin.
typedef struct {
    const uint8_t *weights, *steps, *scales;
} vk_panel;

static inline vk_panel vk_panel_at(vk_format format, const uint8_t *bytes, size_t inputs) {
    const size_t groups = vk_groups(inputs);
    const uint8_t *steps = bytes + groups * (format == VK_Q4 ? 256 : 512);
    return (vk_panel){bytes, steps, format == VK_Q4 ? steps + groups * VK_PANEL : steps};
}
