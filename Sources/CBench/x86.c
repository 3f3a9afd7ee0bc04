// x86-64: AVX-512 with VNNI and BF16, AVX-VNNI, AVX2 with FMA.
#include "include/CBench.h"
#include "loops.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET(features) __attribute__((target(features)))

// 64 products of an unsigned and a signed byte, four to a sum.
#define DOT512(sum) _mm512_dpbusd_epi32(sum, a, b)
VB_DEFINE_LOOP(int8_avx512vnni, TARGET("avx512f,avx512vnni"), __m512i, _mm512_setzero_si512(), "v",
               __m512i a = _mm512_set1_epi8(3); __m512i b = _mm512_set1_epi8(5), DOT512, 128)

#define DOT256(sum) _mm256_dpbusd_avx_epi32(sum, a, b)
VB_DEFINE_LOOP(int8_avxvnni, TARGET("avx2,avxvnni"), __m256i, _mm256_setzero_si256(), "x",
               __m256i a = _mm256_set1_epi8(3); __m256i b = _mm256_set1_epi8(5), DOT256, 64)

// Without dot products: pairs to 16 bits, pairs of those to 32. What does not depend on the sum is
// kept in the loop by pretending that the operand changed.
TARGET("avx2") static inline __m256i paired_dot(__m256i sum, __m256i a, __m256i b, __m256i ones) {
    __asm__ volatile("" : "+x"(a));
    return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), ones));
}
#define PAIRED(sum) paired_dot(sum, a, b, ones)
VB_DEFINE_LOOP(int8_avx2, TARGET("avx2"), __m256i, _mm256_setzero_si256(), "x",
               __m256i a = _mm256_set1_epi8(3); __m256i b = _mm256_set1_epi8(5);
               __m256i ones = _mm256_set1_epi16(1), PAIRED, 64)

// 32 products, two to a sum.
#define BF16(sum) _mm512_dpbf16_ps(sum, a, b)
VB_DEFINE_LOOP(bfloat16_avx512, TARGET("avx512f,avx512bf16"), __m512, _mm512_setzero_ps(), "v",
               __m512bh a = (__m512bh)_mm512_set1_epi16(0x3F80);  // 1
               __m512bh b = (__m512bh)_mm512_set1_epi16(0x3F00),  // 0.5
               BF16, 64)

#define FMA512(sum) _mm512_fmadd_ps(a, b, sum)
VB_DEFINE_LOOP(float32_avx512, TARGET("avx512f"), __m512, _mm512_setzero_ps(), "v",
               __m512 a = _mm512_set1_ps(1); __m512 b = _mm512_set1_ps(0.5f), FMA512, 32)

#define FMA256(sum) _mm256_fmadd_ps(a, b, sum)
VB_DEFINE_LOOP(float32_fma, TARGET("avx2,fma"), __m256, _mm256_setzero_ps(), "x",
               __m256 a = _mm256_set1_ps(1); __m256 b = _mm256_set1_ps(0.5f), FMA256, 16)

vb_loop vb_x86_loop(int numbers) {
    __builtin_cpu_init();
    switch (numbers) {
    case VB_INT8:
        if (__builtin_cpu_supports("avx512vnni")) return (vb_loop){"AVX-512 VNNI", int8_avx512vnni};
        if (__builtin_cpu_supports("avxvnni")) return (vb_loop){"AVX-VNNI", int8_avxvnni};
        if (__builtin_cpu_supports("avx2")) return (vb_loop){"AVX2", int8_avx2};
        break;
    case VB_BFLOAT16:
        if (__builtin_cpu_supports("avx512bf16"))
            return (vb_loop){"AVX-512 BF16", bfloat16_avx512};
        break;
    case VB_FLOAT32:
        if (__builtin_cpu_supports("avx512f")) return (vb_loop){"AVX-512", float32_avx512};
        if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
            return (vb_loop){"AVX2 FMA", float32_fma};
        break;
    }
    return (vb_loop){0, 0};
}
#else
vb_loop vb_x86_loop(int numbers) {
    (void)numbers;
    return (vb_loop){0, 0};
}
#endif
