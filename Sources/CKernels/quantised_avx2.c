// Products with packed weights by AVX2, which has no dot product of bytes. An unsigned byte times a
// signed one, two neighbours added, is a 16-bit number if the unsigned one is small: nibbles are
// multiplied as they are, and a group's step and zero point are applied to its sums. Bytes are
// widened to 16 bits first.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include <immintrin.h>
#include <string.h>

#include "expanding.h"

#define INLINE static inline __attribute__((always_inline))
enum {
    AHEAD = 8192,        // Bytes ahead of a stream of weights that are asked for.
    AT_ONCE = 4,         // Rows whose sums of 4-bit weights stay in registers.
    BYTES_AT_ONCE = 2,   // The same for 8-bit weights.
    ROWS_AT_ONCE = 256,  // Rows that meet a block of weights while it is in the first-level cache.
    GROUPS = VK_BLOCK / VK_GROUP,
};

// A row's four values, eight times.
INLINE __m256i four(const int8_t *values) {
    int32_t bits;
    __builtin_memcpy(&bits, values, 4);
    return _mm256_set1_epi32(bits);
}

// The same as 16 bits, four times.
INLINE __m256i wide_four(const int8_t *values) {
    int32_t bits;
    __builtin_memcpy(&bits, values, 4);
    return _mm256_broadcastq_epi64(_mm_cvtepi8_epi16(_mm_cvtsi32_si128(bits)));
}

// Where a block of a panel and of a tile of rows stand.
typedef struct {
    vk_format format;
    const uint8_t *weights, *steps;
    size_t groups;
    vk_tile tile;
    size_t rows;  // Of the tile.
} block;

// Eight outputs' sums of some rows with a block of 4-bit weights, from a row of the tile on.
// Sums of 16 bits do not overflow: a group's are at most 32 products of 15 by 127, half of them
// to a number.
INLINE void sum_nibbles(const int count, const block *b, size_t half, size_t row, __m256i *sums) {
    const __m256i low = _mm256_set1_epi8(15), ones = _mm256_set1_epi32(0x00010001);
    const int8_t *values = b->tile.values + 4 * row, *corrections = b->tile.sums + 4 * row;
    for (int r = 0; r < count; r++) sums[r] = _mm256_setzero_si256();
    for (size_t group = 0; group < b->groups; group++, corrections += 4 * b->rows) {
        const uint8_t *nibbles = b->weights + group * 256 + half * 32;
        __m256i parts[AT_ONCE];
        for (int r = 0; r < count; r++) parts[r] = _mm256_setzero_si256();
        for (size_t v = 0; v < 4; v++, nibbles += 64, values += 8 * b->rows) {
            if (half == 0) _mm_prefetch((const char *)nibbles + AHEAD, _MM_HINT_T1);
            const __m256i pairs = _mm256_loadu_si256((const __m256i *)nibbles);
            const __m256i even = _mm256_and_si256(pairs, low);
            const __m256i odd = _mm256_and_si256(_mm256_srli_epi16(pairs, 4), low);
            for (int r = 0; r < count; r++)
                parts[r] =
                    _mm256_add_epi16(parts[r], _mm256_maddubs_epi16(even, four(values + 4 * r)));
            for (int r = 0; r < count; r++)
                parts[r] = _mm256_add_epi16(
                    parts[r], _mm256_maddubs_epi16(odd, four(values + 4 * (b->rows + r))));
        }
        const __m256i bytes = _mm256_cvtepu8_epi32(
            _mm_loadl_epi64((const __m128i *)(b->steps + group * VK_PANEL + half * 8)));
        const __m256i step = _mm256_and_si256(bytes, _mm256_set1_epi32(15));
        const __m256i steps =
            _mm256_add_epi16(_mm256_or_si256(step, _mm256_slli_epi32(step, 16)), ones);
        // z, 16 z, 16 z, 0 for each output.
        const __m256i zero = _mm256_and_si256(bytes, _mm256_set1_epi32(0xf0));
        const __m256i sixteens =
            _mm256_or_si256(_mm256_slli_epi32(zero, 8), _mm256_slli_epi32(zero, 16));
        const __m256i factors = _mm256_or_si256(_mm256_srli_epi32(zero, 4), sixteens);
        for (int r = 0; r < count; r++) {
            const __m256i correction = _mm256_maddubs_epi16(factors, four(corrections + 4 * r));
            sums[r] = _mm256_add_epi32(sums[r], _mm256_madd_epi16(parts[r], steps));
            sums[r] = _mm256_add_epi32(sums[r], _mm256_madd_epi16(correction, steps));
        }
    }
}

// Neighbouring partial sums of two registers, added and in the outputs' order.
INLINE __m256i joined(__m256i a, __m256i b) {
    return _mm256_permute4x64_epi64(_mm256_hadd_epi32(a, b), 0xd8);
}

// All outputs' sums of one or two rows with a block of 8-bit weights: sums[half][row].
INLINE void sum_bytes(const int count, const block *b, size_t row, __m256i sums[2][AT_ONCE]) {
    const int8_t *values = b->tile.values + 4 * row;
    const uint8_t *weights = b->weights;
    __m256i parts[BYTES_AT_ONCE][4];
    for (int r = 0; r < count; r++)
        for (int q = 0; q < 4; q++) parts[r][q] = _mm256_setzero_si256();
    for (size_t k = 0; k < b->groups * 8; k++, weights += 64, values += 4 * b->rows) {
        _mm_prefetch((const char *)weights + AHEAD, _MM_HINT_T1);
        for (int q = 0; q < 4; q++) {
            const __m256i w =
                _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(weights + q * 16)));
            for (int r = 0; r < count; r++)
                parts[r][q] =
                    _mm256_add_epi32(parts[r][q], _mm256_madd_epi16(w, wide_four(values + 4 * r)));
        }
    }
    for (int r = 0; r < count; r++)
        for (int h = 0; h < 2; h++)
            sums[h][r] = _mm256_add_epi32(joined(parts[r][2 * h], parts[r][2 * h + 1]),
                                          _mm256_set1_epi32(b->tile.offsets[row + r]));
}

// Adds some rows' sums with a block to their totals, [rows][16].
INLINE void add_block(const int count, const block *b, const __m256 *scales, size_t row,
                      float *totals) {
    __m256i sums[2][AT_ONCE];
    if (b->format == VK_Q4) {
        for (size_t half = 0; half < 2; half++) sum_nibbles(count, b, half, row, sums[half]);
    } else {
        sum_bytes(count, b, row, sums);
    }
    for (int r = 0; r < count; r++)
        for (int h = 0; h < 2; h++) {
            float *total = totals + (row + r) * VK_PANEL + 8 * h;
            const __m256 scale = _mm256_set1_ps(b->tile.scales[row + r]);
            _mm256_store_ps(
                total, _mm256_fmadd_ps(_mm256_cvtepi32_ps(sums[h][r]),
                                       _mm256_mul_ps(scale, scales[h]), _mm256_load_ps(total)));
        }
}

// The formats and counts apart, so that loops over rows are unrolled and sums live in registers.
static void add_nibbles(const block *b, const __m256 *scales, float *totals) {
    size_t row = 0;
    for (; row + AT_ONCE <= b->rows; row += AT_ONCE) add_block(AT_ONCE, b, scales, row, totals);
    switch (b->rows - row) {
        case 1: add_block(1, b, scales, row, totals); break;
        case 2: add_block(2, b, scales, row, totals); break;
        case 3: add_block(3, b, scales, row, totals); break;
        default: break;
    }
}

static void add_bytes(const block *b, const __m256 *scales, float *totals) {
    size_t row = 0;
    for (; row + BYTES_AT_ONCE <= b->rows; row += BYTES_AT_ONCE)
        add_block(BYTES_AT_ONCE, b, scales, row, totals);
    if (row < b->rows) add_block(1, b, scales, row, totals);
}

INLINE __m256 scales_of(const uint8_t *scales) {
    const __m128i bits = _mm_loadu_si128((const __m128i *)scales);
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(bits), 16));
}

// A panel by the rows `first..<last`: totals [rows][16].
static void total(vk_format format, const uint8_t *weights, const vk_rows *x, size_t first,
                  size_t last, float *totals) {
    const vk_panel panel = vk_panel_at(format, weights, x->inputs);
    memset(totals, 0, (last - first) * VK_PANEL * sizeof *totals);
    for (size_t at = 0; at < vk_blocks(x->inputs); at++) {
        const uint8_t *scale = panel.scales + at * VK_PANEL * 2;
        const __m256 scales[2] = {scales_of(scale), scales_of(scale + 16)};
        block b = {.format = format,
                   .weights = panel.weights + at * GROUPS * (format == VK_Q4 ? 256 : 512),
                   .steps = panel.steps + at * GROUPS * VK_PANEL,
                   .groups = vk_block_length(x->inputs, at) / VK_GROUP};
        for (size_t row = first; row < last; row += VK_TILE) {
            b.rows = last - row < VK_TILE ? last - row : VK_TILE;
            b.tile = vk_tile_at(x, row, at);
            int8_t sums[GROUPS * VK_TILE * 4];
            if (format == VK_Q4 && !b.tile.sums) {  // Quantised for another instruction set.
                vk_sum_groups(b.tile.values, b.rows, b.groups, sums);
                b.tile.sums = sums;
            }
            float *target = totals + (row - first) * VK_PANEL;
            if (format == VK_Q4) {
                add_nibbles(&b, scales, target);
            } else {
                add_bytes(&b, scales, target);
            }
        }
    }
}

static void multiply(vk_format format, const uint8_t *weights, size_t panels, size_t outputs,
                     const vk_rows *x, float *y, size_t stride, int adds) {
    _Alignas(64) float totals[ROWS_AT_ONCE * VK_PANEL];
    const size_t bytes = vk_panel_bytes(format, x->inputs);
    for (size_t p = 0; p < panels; p++, weights += bytes, y += VK_PANEL) {
        const size_t left = outputs - p * VK_PANEL, wide = left < VK_PANEL ? left : VK_PANEL;
        for (size_t first = 0; first < x->rows; first += ROWS_AT_ONCE) {
            const size_t rest = x->rows - first, rows = rest < ROWS_AT_ONCE ? rest : ROWS_AT_ONCE;
            total(format, weights, x, first, first + rows, totals);
            for (size_t row = 0; row < rows; row++)
                for (size_t o = 0; o < wide; o++) {
                    float *target = y + (first + row) * stride + o;
                    *target = totals[row * VK_PANEL + o] + (adds ? *target : 0);
                }
        }
    }
}

const vk_kernels vk_avx2_kernels = {vk_generic_quantise_block, multiply, SIZE_MAX};
#pragma clang attribute pop
#endif
