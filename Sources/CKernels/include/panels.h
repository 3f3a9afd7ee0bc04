#pragma once
// Attention of many query rows at once: a head's keys, and its values, are copied into panels of
// neighbouring columns, which products read in their order.
#include <stddef.h>
#include <stdint.h>

/// Keys and values of consecutive positions: `count` rows, `stride` numbers apart, of half precision
/// where `half` is not 0 and of single precision otherwise.
typedef struct {
    const void *keys, *values;
    size_t count, stride;
    int half;
} vk_segment;

/// Columns of a panel.
enum { VK_ACROSS = 32 };

/// Panels that so many columns take.
static inline size_t vk_panels(size_t columns) { return (columns + VK_ACROSS - 1) / VK_ACROSS; }

/// The first `keys` keys of all segments, `width` numbers of each from number `head` on, as the
/// columns of panels [vk_panels(keys)][width][VK_ACROSS]; what lies behind the last key is 0.
void vk_pack_keys(const vk_segment *segments, size_t count, size_t head, size_t width, size_t keys,
                  float *panels);
/// The values of the same keys as the rows of panels [vk_panels(width)][keys][VK_ACROSS].
void vk_pack_values(const vk_segment *segments, size_t count, size_t head, size_t width,
                    size_t keys, float *panels);
/// y [rows, columns] = x [rows, depth] times the first `depth` rows of each of the panels
/// [vk_panels(columns)][panel_rows][VK_ACROSS].
void vk_multiply_panels(const float *x, size_t rows, size_t x_stride, size_t depth,
                        const float *panels, size_t panel_rows, size_t columns, float *y,
                        size_t y_stride);

// The same in bfloat16, rounded to nearest, where the processor multiplies pairs of them: what stands
// in two neighbouring rows of a panel stands side by side.

/// Two numbers, the first in the lower half.
typedef uint32_t vk_pair;

/// Whether the calling thread's level multiplies pairs; the functions below may be called where it does.
int vk_has_pairs(void);
/// Pairs that so many numbers take.
static inline size_t vk_pairs(size_t count) { return (count + 1) / 2; }
/// As `vk_pack_keys`: [vk_panels(keys)][vk_pairs(width)][VK_ACROSS].
void vk_pack_key_pairs(const vk_segment *segments, size_t count, size_t head, size_t width,
                       size_t keys, vk_pair *panels);
/// As `vk_pack_values`: [vk_panels(width)][vk_pairs(keys)][VK_ACROSS].
void vk_pack_value_pairs(const vk_segment *segments, size_t count, size_t head, size_t width,
                         size_t keys, vk_pair *panels);
/// Rounds rows of `depth` numbers, `stride` apart; in place where `pairs` is where they stand.
void vk_round_pairs(const float *x, size_t rows, size_t stride, size_t depth, vk_pair *pairs,
                    size_t pairs_stride);
/// As `vk_multiply_panels`; depth, rows of panels and x's stride in pairs.
void vk_multiply_pairs(const vk_pair *x, size_t rows, size_t x_stride, size_t depth,
                       const vk_pair *panels, size_t panel_rows, size_t columns, float *y,
                       size_t y_stride);
