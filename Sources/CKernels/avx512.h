#pragma once
// What the AVX-512 files for packed weights share. Included where its instructions are the target.
#if defined(__x86_64__)
#include <immintrin.h>

#include "kernels.h"

#define INLINE static inline __attribute__((always_inline))
// Rows whose products with 4-bit weights are made of the sums of their groups.
enum { FEW = 2 };

/// Products of at most a tile of rows, or two of them by bytes, whose weights go from memory through
/// registers.
void vk_avx512_stream(vk_format format, const uint8_t *weights, size_t panels, size_t outputs,
                      const vk_rows *x, float *y, size_t stride, int adds);

INLINE __mmask16 first(size_t count) { return (__mmask16)((1u << count) - 1); }

// A q4 group's steps as 16-bit factors, and what to take from the products: s * z - 128.
typedef struct {
    __m512i step, shift;
} grouped;

INLINE grouped group_of(const uint8_t *steps) {
    const __m512i copies = _mm512_set1_epi32(0x00010001);
    const __m512i spread = _mm512_set4_epi32(0x0c0c0c0c, 0x08080808, 0x04040404, 0);
    const __m512i low = _mm512_set1_epi32(0x000f000f);
    const __m512i packed =
        _mm512_shuffle_epi8(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)steps)), spread);
    const __m512i step = _mm512_add_epi16(_mm512_and_si512(packed, low), copies);
    const __m512i zero = _mm512_and_si512(_mm512_srli_epi16(packed, 4), low);
    const __m512i product = _mm512_shuffle_epi8(_mm512_mullo_epi16(step, zero), spread);
    return (grouped){step, _mm512_xor_si512(product, _mm512_set1_epi8((char)0x80))};
}

// The 128 weights of a vector of nibbles as bytes. Two neighbouring nibbles are multiplied by one
// 16-bit product: neither half exceeds 15 * 16 < 256.
INLINE void bytes_of(const uint8_t *nibbles, grouped group, __m512i *low, __m512i *high) {
    const __m512i mask = _mm512_set1_epi8(15);
    const __m512i pairs = _mm512_loadu_si512(nibbles);
    const __m512i first = _mm512_and_si512(pairs, mask);
    const __m512i second = _mm512_and_si512(_mm512_srli_epi16(pairs, 4), mask);
    *low = _mm512_sub_epi8(_mm512_mullo_epi16(first, group.step), group.shift);
    *high = _mm512_sub_epi8(_mm512_mullo_epi16(second, group.step), group.shift);
}

INLINE __m512i four(const int8_t *values) {
    int32_t bits;
    __builtin_memcpy(&bits, values, 4);
    return _mm512_set1_epi32(bits);
}

INLINE __m512 scales_of(const uint8_t *scales) {
    return _mm512_castsi512_ps(
        _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)scales)), 16));
}

// Calls a function whose first count is a constant, so that loops over rows are unrolled and sums
// live in registers.
#define WITH_CONSTANT(count, call) \
    switch (count) {               \
        case 1: call(1); break;    \
        case 2: call(2); break;    \
        case 3: call(3); break;    \
        case 4: call(4); break;    \
        case 5: call(5); break;    \
        case 6: call(6); break;    \
        case 7: call(7); break;    \
        default: call(8); break;   \
    }

INLINE __mmask16 existing(size_t outputs, size_t panel) {
    const size_t before = panel * VK_PANEL;
    if (outputs <= before) return 0;
    return outputs - before < VK_PANEL ? first(outputs - before) : (__mmask16)0xffff;
}
#endif
