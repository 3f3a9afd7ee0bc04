// Products with panels of pairs by AVX-512's dot products of bfloat16.
#if defined(__x86_64__)
#pragma clang attribute push(                                                               \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma,f16c"))), \
    apply_to = function)
#include <immintrin.h>
#include <string.h>

#include "kernels.h"
#include "row_counts.h"

#define INLINE static inline __attribute__((always_inline))
enum { ROWS_OF_SUMS = 12, LANES = 16 };

INLINE __mmask16 first(size_t count) {
    return count < LANES ? (__mmask16)((1u << count) - 1) : (__mmask16)0xffff;
}

// Up to 16 numbers of a key or a value in single precision, and zeros.
INLINE __m512 numbers_of(const vk_segment *segment, const void *rows, size_t row, size_t place,
                         size_t count) {
    const size_t start = row * segment->stride + place;
    const __mmask16 mask = first(count);
    if (!segment->half) return _mm512_maskz_loadu_ps(mask, (const float *)rows + start);
    return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(mask, (const char *)rows + 2 * start));
}

INLINE __m512i rounded(__m512 low, __m512 high) {
    return (__m512i)_mm512_cvtne2ps_pbh(high, low);
}

static void pack_keys(const vk_segment *segments, size_t count, size_t head, size_t width,
                      size_t keys, vk_pair *panels) {
    const size_t deep = vk_pairs(width);
    if (keys % VK_ACROSS)
        memset(panels + keys / VK_ACROSS * deep * VK_ACROSS, 0, deep * VK_ACROSS * sizeof *panels);
    size_t key = 0;
    for (size_t s = 0; s < count; s++)
        for (size_t row = 0; row < segments[s].count && key < keys; row++, key++) {
            vk_pair *column = panels + key / VK_ACROSS * deep * VK_ACROSS + key % VK_ACROSS;
            for (size_t at = 0; at < width; at += 2 * LANES) {
                const size_t left = width - at, more = left > LANES ? left - LANES : 0;
                const void *rows = segments[s].keys;
                vk_pair pairs[LANES];
                _mm512_storeu_si512(
                    pairs, rounded(numbers_of(segments + s, rows, row, head + at, left),
                                   numbers_of(segments + s, rows, row, head + at + LANES, more)));
                for (size_t i = 0; i < LANES && i < vk_pairs(left); i++)
                    column[(at / 2 + i) * VK_ACROSS] = pairs[i];
            }
        }
}

// Puts some of a value's numbers into its halves of pairs; the first of two clears the second's.
INLINE void place_value(__m512 numbers, size_t key, vk_pair *target) {
    const __m512i halves = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(numbers));
    if (key % 2 == 0)
        _mm512_storeu_si512(target, halves);
    else
        _mm512_storeu_si512(target, _mm512_or_si512(_mm512_loadu_si512(target),
                                                    _mm512_slli_epi32(halves, 16)));
}

static void pack_values(const vk_segment *segments, size_t count, size_t head, size_t width,
                        size_t keys, vk_pair *panels) {
    const size_t deep = vk_pairs(keys);
    size_t key = 0;
    for (size_t s = 0; s < count; s++)
        for (size_t row = 0; row < segments[s].count && key < keys; row++, key++)
            for (size_t at = 0; at < vk_panels(width) * VK_ACROSS; at += LANES) {
                const size_t left = at < width ? width - at : 0;
                const __m512 numbers =
                    numbers_of(segments + s, segments[s].values, row, head + at, left);
                place_value(numbers, key,
                            panels + (at / VK_ACROSS * deep + key / 2) * VK_ACROSS +
                                at % VK_ACROSS);
            }
}

static void round_rows(const float *x, size_t rows, size_t stride, size_t depth, vk_pair *pairs,
                       size_t pairs_stride) {
    for (size_t r = 0; r < rows; r++, x += stride, pairs += pairs_stride)
        for (size_t at = 0; at < depth; at += 2 * LANES) {
            const size_t left = depth - at, more = left > LANES ? left - LANES : 0;
            const __m512i both = rounded(_mm512_maskz_loadu_ps(first(left), x + at),
                                         _mm512_maskz_loadu_ps(first(more), x + at + LANES));
            _mm512_mask_storeu_epi32(pairs + at / 2, first(vk_pairs(left)), both);
        }
}

INLINE void multiply_rows(const int rows, const vk_pair *x, size_t x_stride, size_t depth,
                          const vk_pair *panel, __mmask16 left, __mmask16 right, float *y,
                          size_t y_stride) {
    __m512 sums[ROWS_OF_SUMS][2];
    for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm512_setzero_ps();
    for (size_t k = 0; k < depth; k++, panel += VK_ACROSS) {
        const __m512bh a = (__m512bh)_mm512_loadu_si512(panel);
        const __m512bh b = (__m512bh)_mm512_loadu_si512(panel + LANES);
        for (int r = 0; r < rows; r++) {
            const __m512bh both = (__m512bh)_mm512_set1_epi32((int)x[(size_t)r * x_stride + k]);
            sums[r][0] = _mm512_dpbf16_ps(sums[r][0], a, both);
            sums[r][1] = _mm512_dpbf16_ps(sums[r][1], b, both);
        }
    }
    for (int r = 0; r < rows; r++, y += y_stride) {
        _mm512_mask_storeu_ps(y, left, sums[r][0]);
        _mm512_mask_storeu_ps(y + LANES, right, sums[r][1]);
    }
}

static void multiply(const vk_pair *x, size_t rows, size_t x_stride, size_t depth,
                     const vk_pair *panels, size_t panel_rows, size_t columns, float *y,
                     size_t y_stride) {
    for (size_t at = 0; at < columns; at += VK_ACROSS, panels += panel_rows * VK_ACROSS) {
        const __mmask16 left = first(columns - at);
        const __mmask16 right = columns - at > LANES ? first(columns - at - LANES) : 0;
        for (size_t row = 0; row < rows; row += ROWS_OF_SUMS) {
#define MULTIPLY(n)                                                            \
    multiply_rows(n, x + row * x_stride, x_stride, depth, panels, left, right, \
                  y + row * y_stride + at, y_stride)
            WITH_ROWS(rows - row, MULTIPLY)
#undef MULTIPLY
        }
    }
}

const vk_pair_products vk_avx512bf16_pair_products = {pack_keys, pack_values, round_rows, multiply};
#pragma clang attribute pop
#endif
