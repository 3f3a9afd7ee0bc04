#pragma once
// Sums of few rows with a block of packed weights by AVX2: each weight is used once, so what counts
// is that memory never waits.
#include "avx2.h"

// A group's nibbles with some rows, and its step: added to sums [count][2].
INLINE void add_group(const destination cache, const int count, const uint8_t *nibbles,
                      size_t ahead, const int8_t *values, const grouped *group,
                      __m256i (*sums)[2]) {
    const __m256i low = _mm256_set1_epi8(15);
    __m256i parts[FEW][2];
    for (int r = 0; r < count; r++) parts[r][0] = parts[r][1] = _mm256_setzero_si256();
    for (size_t v = 0; v < 4; v++, nibbles += 64, values += 8 * count) {
        ask_for_weights(cache, nibbles + ahead);
        for (int h = 0; h < 2; h++) {
            const __m256i pairs = load(nibbles + 32 * h);
            const __m256i even = _mm256_and_si256(pairs, low);
            const __m256i odd = _mm256_and_si256(_mm256_srli_epi16(pairs, 4), low);
            for (int r = 0; r < count; r++) {
                const __m256i early = four(values + 4 * r), late = four(values + 4 * (count + r));
                parts[r][h] = _mm256_add_epi16(parts[r][h], _mm256_maddubs_epi16(even, early));
                parts[r][h] = _mm256_add_epi16(parts[r][h], _mm256_maddubs_epi16(odd, late));
            }
        }
    }
    for (int r = 0; r < count; r++)
        for (int h = 0; h < 2; h++)
            sums[r][h] =
                _mm256_add_epi32(sums[r][h], _mm256_madd_epi16(parts[r][h], group->steps[h]));
}

INLINE void stream_nibbles(const destination cache, const int count, const vk_panel *panel,
                           const passage *way, size_t first, size_t groups, const vk_tile *tile,
                           __m256i (*sums)[2]) {
    int32_t pairs[GROUPS / 2 * VK_TILE];
    pair_sums(tile, (size_t)count, groups, pairs);
    for (int r = 0; r < count; r++) sums[r][0] = sums[r][1] = _mm256_setzero_si256();
    const uint8_t *weights = panel->weights + first * 256;
    const uint8_t *steps = panel->steps + first * VK_PANEL;
    const int8_t *values = tile->values;
    const size_t bytes = VK_GROUP * (size_t)count;
    for (size_t g = 0; g < groups; g += 2, weights += 512, steps += 2 * VK_PANEL) {
        const int both = g + 1 < groups;
        const size_t ahead = ahead_of(way, first + g, 256);
        ask_for_steps(cache, steps + way->next);
        const grouped one = group_of(steps);
        const grouped two = both ? group_of(steps + VK_PANEL) : no_group();
        add_group(cache, count, weights, ahead, values + g * bytes, &one, sums);
        if (both)
            add_group(cache, count, weights + 256, ahead, values + (g + 1) * bytes, &two, sums);
        for (int h = 0; h < 2; h++) {
            const __m256i zeros = _mm256_blend_epi16(one.zeros[h], two.zeros[h], 0xaa);
            for (int r = 0; r < count; r++)
                sums[r][h] = _mm256_add_epi32(
                    sums[r][h],
                    _mm256_madd_epi16(zeros, _mm256_set1_epi32(pairs[g / 2 * VK_TILE + (size_t)r])));
        }
    }
}

// Bytes are widened to 16 bits: four values of a row, four times.
INLINE __m256i wide_four(const int8_t *values) {
    int32_t bits;
    __builtin_memcpy(&bits, values, 4);
    return _mm256_broadcastq_epi64(_mm_cvtepi8_epi16(_mm_cvtsi32_si128(bits)));
}

// Neighbouring partial sums of two registers, added and in the outputs' order.
INLINE __m256i joined(__m256i a, __m256i b) {
    return _mm256_permute4x64_epi64(_mm256_hadd_epi32(a, b), 0xd8);
}

INLINE void stream_bytes(const destination cache, const int count, const vk_panel *panel,
                         const passage *way, size_t first, size_t groups, const vk_tile *tile,
                         __m256i (*sums)[2]) {
    const int8_t *values = tile->values;
    const uint8_t *weights = panel->weights + first * 512;
    __m256i parts[FEW][4];
    for (int r = 0; r < count; r++)
        for (int q = 0; q < 4; q++) parts[r][q] = _mm256_setzero_si256();
    for (size_t k = 0; k < groups * 8; k++, weights += 64, values += 4 * count) {
        ask_for_weights(cache, weights + ahead_of(way, first + k / 8, 512));
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
            sums[r][h] = _mm256_add_epi32(joined(parts[r][2 * h], parts[r][2 * h + 1]),
                                          _mm256_set1_epi32(tile->offsets[r]));
}

INLINE void block_sums(const destination cache, const int count, const vk_format format,
                       const vk_panel *panel, const passage *way, size_t first, size_t groups,
                       const vk_tile *tile, __m256i (*sums)[2]) {
    (format == VK_Q4 ? stream_nibbles : stream_bytes)(cache, count, panel, way, first, groups,
                                                      tile, sums);
}
