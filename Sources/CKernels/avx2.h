#pragma once
// What the AVX2 files for packed weights share. Included where its instructions are the target.
#if defined(__x86_64__)
#include <immintrin.h>

#include "asking.h"
#include "kernels.h"

#define INLINE static inline __attribute__((always_inline))
enum {
    FEW = 4,  // Rows for which weights go from memory through registers only.
    GROUPS = VK_BLOCK / VK_GROUP,
};

INLINE __m256i load(const void *bytes) { return _mm256_loadu_si256(bytes); }
INLINE void store(void *bytes, __m256i vector) { _mm256_storeu_si256(bytes, vector); }

// A row's four values, eight times.
INLINE __m256i four(const int8_t *values) {
    int32_t bits;
    __builtin_memcpy(&bits, values, 4);
    return _mm256_set1_epi32(bits);
}

// A group's steps, and its steps times its zero points, for two times eight outputs, each number
// twice in 16 bits.
typedef struct {
    __m256i steps[2], zeros[2];
} grouped;

INLINE grouped group_of(const uint8_t *bytes) {
    // Sixteen outputs in 16 bits, in the order that unpacking brings back.
    const __m256i ordered = _mm256_permute4x64_epi64(
        _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)bytes)), 0xd8);
    const __m256i step = _mm256_add_epi16(_mm256_and_si256(ordered, _mm256_set1_epi16(15)),
                                          _mm256_set1_epi16(1));
    const __m256i zero = _mm256_mullo_epi16(step, _mm256_srli_epi16(ordered, 4));
    return (grouped){{_mm256_unpacklo_epi16(step, step), _mm256_unpackhi_epi16(step, step)},
                     {_mm256_unpacklo_epi16(zero, zero), _mm256_unpackhi_epi16(zero, zero)}};
}

INLINE grouped no_group(void) {
    const __m256i nothing = _mm256_setzero_si256();
    return (grouped){{nothing, nothing}, {nothing, nothing}};
}

// The lanes of eight that exist when `left` are left.
INLINE __m256i existing(size_t left) {
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(left < 8 ? (int32_t)left : 8), lanes);
}

// a + 16 (b + c) of the sums of up to eight rows.
INLINE __m256i whole_sums(const int8_t *split, __m256i mask) {
    const __m256i factors = _mm256_set1_epi32(0x00101001), ones = _mm256_set1_epi16(1);
    const __m256i parts = _mm256_maskload_epi32((const int *)split, mask);
    return _mm256_madd_epi16(_mm256_maddubs_epi16(factors, parts), ones);
}

// Minus the sums of two neighbouring groups' values for each row of a tile, in 16 bits, what
// `zeros` of both are multiplied with: pairs [groups / 2][VK_TILE].
INLINE void pair_sums(const vk_tile *tile, size_t rows, size_t groups, int32_t *pairs) {
    int8_t sums[GROUPS * VK_TILE * 4];
    const int8_t *split = tile->sums;
    if (!split) {  // Quantised for another instruction set.
        vk_sum_groups(tile->values, rows, groups, sums);
        split = sums;
    }
    const __m256i mask = existing(rows);
    for (size_t g = 0; g < groups; g += 2, split += 8 * rows) {
        const __m256i one = whole_sums(split, mask);
        const __m256i two =
            g + 1 < groups ? whole_sums(split + 4 * rows, mask) : _mm256_setzero_si256();
        store(pairs + g / 2 * VK_TILE, _mm256_blend_epi16(one, _mm256_slli_epi32(two, 16), 0xaa));
    }
}

INLINE void scales_of(const uint8_t *bytes, __m256 scales[2]) {
    for (int h = 0; h < 2; h++) {
        const __m128i bits = _mm_loadu_si128((const __m128i *)(bytes + 16 * h));
        scales[h] = _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(bits), 16));
    }
}

INLINE float largest_of(__m256 x) {
    __m128 half = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    half = _mm_max_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_max_ss(half, _mm_shuffle_ps(half, half, 1)));
}

INLINE int32_t sum_of(__m256i x) {
    __m128i half = _mm_add_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(half, _mm_shuffle_epi32(half, 0xb1)));
}

// Quantises a row's block as `vk_generic_quantise_block` does.
INLINE void quantise(const float *x, size_t count, size_t length, size_t rows, int8_t *values,
                     float *scale, int32_t *offset) {
    const __m256 magnitude = _mm256_castsi256_ps(_mm256_set1_epi32(0x7fffffff));
    const __m256 infinity = _mm256_set1_ps(__builtin_inff());
    __m256 top = _mm256_setzero_ps(), strange = _mm256_setzero_ps();
    for (size_t i = 0; i < count; i += 8) {
        const __m256 v =
            _mm256_and_ps(_mm256_maskload_ps(x + i, existing(count - i)), magnitude);
        strange = _mm256_or_ps(strange, _mm256_cmp_ps(v, infinity, _CMP_NLT_UQ));
        top = _mm256_max_ps(top, v);
    }
    const int finite = _mm256_testz_ps(strange, strange);
    const float most = largest_of(top);
    const float inverse = finite && most > 1e-30f ? 127.0f / most : 0;
    const __m256 factor = _mm256_set1_ps(inverse);
    __m256i sum = _mm256_setzero_si256();
    for (size_t i = 0; i < length; i += 8) {
        const __m256i there = existing(inverse > 0 && i < count ? count - i : 0);
        const __m256i whole =
            _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_maskload_ps(x + i, there), factor));
        sum = _mm256_add_epi32(sum, whole);
        const __m128i words =
            _mm_packs_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
        const __m128i bytes = _mm_packs_epi16(words, words);
        _mm_storeu_si32(values + i * rows, bytes);
        _mm_storeu_si32(values + (i + 4) * rows, _mm_srli_si128(bytes, 4));
    }
    *scale = inverse > 0 ? most / 127.0f : finite ? 0 : __builtin_nanf("");
    *offset = -128 * sum_of(sum);
}

// total += scale * scales * sum, for eight outputs of a row.
INLINE void add_to_total(float *total, __m256i sum, float scale, __m256 scales) {
    const __m256 factor = _mm256_mul_ps(_mm256_set1_ps(scale), scales);
    _mm256_store_ps(total,
                    _mm256_fmadd_ps(_mm256_cvtepi32_ps(sum), factor, _mm256_load_ps(total)));
}
#endif
