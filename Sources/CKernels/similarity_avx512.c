// The search for near vectors by AVX-512 with its instruction that counts bits.
#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "kernels.h"

#pragma clang attribute push(                                                             \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vpopcntdq,avx2,fma,f16c,popcnt,sse4.2"))), \
    apply_to = function)
#define CRC_WORD(crc, word) (uint32_t)_mm_crc32_u64(crc, word)
#define CRC_HALF(crc, half) _mm_crc32_u32(crc, half)
#define OWN_ESTIMATE

// Eight rows in a vector, a word of each: written out, since the compiler counts bits in halves.
static void estimate(const vk_sign_query *query, const uint64_t *restrict signs,
                     const float *restrict factors, size_t count, size_t words,
                     float *restrict estimates) {
    const __m256 step = _mm256_set1_ps(query->step), offset = _mm256_set1_ps(query->offset);
    const __m512i total = _mm512_set1_epi64(query->total);
    for (size_t row = 0; row < count; row += VK_SIGN_ROWS) {
        __m512i counts[VK_SIGN_PLANES];
        for (size_t p = 0; p < VK_SIGN_PLANES; p++) counts[p] = _mm512_setzero_si512();
        const uint64_t *plane = query->planes;
        for (size_t w = 0; w < words; w++, signs += VK_SIGN_ROWS, plane += VK_SIGN_PLANES) {
            const __m512i word = _mm512_loadu_si512(signs);
            for (size_t p = 0; p < VK_SIGN_PLANES; p++) {
                const __m512i both = _mm512_and_si512(word, _mm512_set1_epi64((int64_t)plane[p]));
                counts[p] = _mm512_add_epi64(counts[p], _mm512_popcnt_epi64(both));
            }
        }
        const __m512i low = _mm512_add_epi64(counts[0], _mm512_slli_epi64(counts[1], 1));
        const __m512i high =
            _mm512_sub_epi64(_mm512_slli_epi64(counts[2], 2), _mm512_slli_epi64(counts[3], 3));
        const __m512i twice = _mm512_slli_epi64(_mm512_add_epi64(low, high), 1);
        const __m256 sum =
            _mm256_mul_ps(step, _mm512_cvtepi64_ps(_mm512_sub_epi64(twice, total)));
        _mm256_storeu_ps(estimates + row,
                         _mm256_fmadd_ps(_mm256_loadu_ps(factors + row), sum, offset));
    }
}
#include "similarity_loops.h"

VK_SIMILARITY(vk_avx512_similarity);
#pragma clang attribute pop
#endif
