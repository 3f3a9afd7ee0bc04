// Products with packed weights by AVX2, which has no dot product of bytes. An unsigned byte times a
// signed one, two neighbours added, is a 16-bit number if the unsigned one is small: nibbles are
// multiplied as they are, and a group's step and zero point are applied to its sums. A weight of 8
// bits is two nibbles, with steps of 1 and 16.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include <string.h>

#include "streaming_avx2.h"

enum { AT_ONCE = 4 };  // Rows whose sums of a group stay in registers.

// A block of a panel, taken apart once for many rows: a plane is a group's nibbles, [8][64], or the
// low or high ones of a group of bytes.
typedef struct {
    _Alignas(32) uint8_t nibbles[2 * GROUPS][VK_GROUP / 4 * 64];
    int32_t steps[2 * GROUPS][VK_PANEL];  // The plane's step, twice in 16 bits.
    int32_t zeros[GROUPS / 2][VK_PANEL];  // Two groups' steps times zero points, in 16 bits.
    size_t groups, planes;                // Planes of a group.
    __m256 scales[2];
} apart;

static void take_nibbles_apart(const vk_panel *panel, size_t first, apart *block) {
    const __m256i low = _mm256_set1_epi8(15);
    for (size_t g = 0; g < block->groups; g++) {
        const uint8_t *nibbles = panel->weights + (first + g) * 256;
        uint8_t *target = block->nibbles[g];
        for (size_t v = 0; v < 4; v++, nibbles += 64, target += 128) {
            _mm_prefetch((const char *)nibbles + AHEAD, _MM_HINT_T1);
            for (size_t half = 0; half < 64; half += 32) {
                const __m256i pairs = load(nibbles + half);
                store(target + half, _mm256_and_si256(pairs, low));
                store(target + 64 + half, _mm256_and_si256(_mm256_srli_epi16(pairs, 4), low));
            }
        }
    }
    for (size_t g = 0; g < block->groups; g += 2) {
        const uint8_t *bytes = panel->steps + (first + g) * VK_PANEL;
        const grouped one = group_of(bytes);
        const grouped two = g + 1 < block->groups ? group_of(bytes + VK_PANEL) : no_group();
        for (int h = 0; h < 2; h++) {
            store(block->steps[g] + 8 * h, one.steps[h]);
            store(block->steps[g + 1] + 8 * h, two.steps[h]);
            store(block->zeros[g / 2] + 8 * h,
                  _mm256_blend_epi16(one.zeros[h], two.zeros[h], 0xaa));
        }
    }
}

static void take_bytes_apart(const vk_panel *panel, size_t first, apart *block) {
    const __m256i low = _mm256_set1_epi8(15);
    for (size_t g = 0; g < block->groups; g++) {
        const uint8_t *bytes = panel->weights + (first + g) * 512;
        for (size_t i = 0; i < 512; i += 32) {
            _mm_prefetch((const char *)bytes + i + AHEAD, _MM_HINT_T1);
            const __m256i pairs = load(bytes + i);
            store(block->nibbles[2 * g] + i, _mm256_and_si256(pairs, low));
            store(block->nibbles[2 * g + 1] + i,
                  _mm256_and_si256(_mm256_srli_epi16(pairs, 4), low));
        }
        for (size_t o = 0; o < VK_PANEL; o++) {
            block->steps[2 * g][o] = 0x00010001;
            block->steps[2 * g + 1][o] = 0x00100010;
        }
    }
}

// Adds the products of some rows with the planes of a block: sums [count][16]. Sums of 16 bits do
// not overflow: a plane's are at most 32 products of 15 by 127, half of them to a number.
INLINE void add_planes(const int count, const size_t planes, const apart *block,
                       const int8_t *values, size_t rows, int32_t (*sums)[VK_PANEL]) {
    for (size_t plane = 0; plane < block->groups * planes; plane++) {
        const uint8_t *nibbles = block->nibbles[plane];
        const int8_t *value = values + plane / planes * VK_GROUP * rows;
        __m256i parts[AT_ONCE][2];
        for (int r = 0; r < count; r++) parts[r][0] = parts[r][1] = _mm256_setzero_si256();
        for (size_t v = 0; v < VK_GROUP / 4; v++, nibbles += 64, value += 4 * rows) {
            const __m256i left = load(nibbles), right = load(nibbles + 32);
            for (int r = 0; r < count; r++) {
                const __m256i x = four(value + 4 * r);
                parts[r][0] = _mm256_add_epi16(parts[r][0], _mm256_maddubs_epi16(left, x));
                parts[r][1] = _mm256_add_epi16(parts[r][1], _mm256_maddubs_epi16(right, x));
            }
        }
        for (int r = 0; r < count; r++)
            for (int h = 0; h < 2; h++) {
                const __m256i steps = load(block->steps[plane] + 8 * h);
                store(sums[r] + 8 * h, _mm256_add_epi32(load(sums[r] + 8 * h),
                                                        _mm256_madd_epi16(parts[r][h], steps)));
            }
    }
}

// What is taken off for zero points: of two groups at once where each has its own.
INLINE void begin_sums(const int count, const size_t planes, const apart *block,
                       const vk_tile *tile, const int32_t *pairs, size_t row,
                       int32_t (*sums)[VK_PANEL]) {
    __m256i start[AT_ONCE][2];
    for (int r = 0; r < count; r++)
        start[r][0] = start[r][1] = _mm256_set1_epi32(planes == 1 ? 0 : tile->offsets[row + r]);
    for (size_t g = 0; planes == 1 && g < block->groups; g += 2, pairs += VK_TILE)
        for (int r = 0; r < count; r++)
            for (int h = 0; h < 2; h++)
                start[r][h] = _mm256_add_epi32(
                    start[r][h], _mm256_madd_epi16(load(block->zeros[g / 2] + 8 * h),
                                                   _mm256_set1_epi32(pairs[r])));
    for (int r = 0; r < count; r++)
        for (int h = 0; h < 2; h++) store(sums[r] + 8 * h, start[r][h]);
}

// Some rows' sums with a block, from a row of the tile on, added to their totals [count][16].
INLINE void add_rows(const int count, const size_t planes, const apart *block, const vk_tile *tile,
                     const int32_t *pairs, size_t rows, size_t row, float *totals) {
    _Alignas(32) int32_t sums[AT_ONCE][VK_PANEL];
    begin_sums(count, planes, block, tile, pairs + row, row, sums);
    add_planes(count, planes, block, tile->values + 4 * row, rows, sums);
    for (int r = 0; r < count; r++)
        for (int h = 0; h < 2; h++)
            add_to_total(totals + (row + (size_t)r) * VK_PANEL + 8 * h, load(sums[r] + 8 * h),
                         tile->scales[row + (size_t)r], block->scales[h]);
}

// A tile's rows by a block. The counts apart, so that loops over rows are unrolled.
INLINE void add_tile(const size_t planes, const apart *block, const vk_tile *tile, size_t rows,
                     float *totals) {
    int32_t pairs[GROUPS / 2 * VK_TILE];
    if (planes == 1) pair_sums(tile, rows, block->groups, pairs);
    size_t row = 0;
    for (; row + AT_ONCE <= rows; row += AT_ONCE)
        add_rows(AT_ONCE, planes, block, tile, pairs, rows, row, totals);
    switch (rows - row) {
        case 1: add_rows(1, planes, block, tile, pairs, rows, row, totals); break;
        case 2: add_rows(2, planes, block, tile, pairs, rows, row, totals); break;
        case 3: add_rows(3, planes, block, tile, pairs, rows, row, totals); break;
        default: break;
    }
}

static void add_nibbles(const apart *block, const vk_tile *tile, size_t rows, float *totals) {
    add_tile(1, block, tile, rows, totals);
}

static void add_bytes(const apart *block, const vk_tile *tile, size_t rows, float *totals) {
    add_tile(2, block, tile, rows, totals);
}

// A panel by the rows `first..<last`: totals [rows][16].
static void add_panel(vk_format format, const uint8_t *weights, const vk_rows *x, size_t first,
                  size_t last, float *totals) {
    const vk_panel panel = vk_panel_at(format, weights, x->inputs);
    apart block = {.planes = format == VK_Q4 ? 1 : 2};
    memset(totals, 0, (last - first) * VK_PANEL * sizeof *totals);
    for (size_t at = 0; at < vk_blocks(x->inputs); at++) {
        scales_of(panel.scales + at * VK_PANEL * 2, block.scales);
        block.groups = vk_block_length(x->inputs, at) / VK_GROUP;
        (format == VK_Q4 ? take_nibbles_apart : take_bytes_apart)(&panel, at * GROUPS, &block);
        for (size_t row = first; row < last; row += VK_TILE) {
            const size_t rows = last - row < VK_TILE ? last - row : VK_TILE;
            const vk_tile tile = vk_tile_at(x, row, at);
            (format == VK_Q4 ? add_nibbles : add_bytes)(&block, &tile, rows,
                                                        totals + (row - first) * VK_PANEL);
        }
    }
}

#include "quantised256.h"

const vk_kernels vk_avx2_kernels = {quantise_block, multiply, SIZE_MAX};
#pragma clang attribute pop
#endif
