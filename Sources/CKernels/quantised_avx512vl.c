// Products with packed weights by AVX-512's dot products in registers of 256 bits. A processor that
// has them is quicker with those of 512; here AVX-VNNI's algorithm is tried where AVX-VNNI is not.
#if defined(__x86_64__)
#pragma clang attribute push(                                                \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512vl,avx512vnni"))), \
    apply_to = function)
#include <immintrin.h>

#define DOTS(sum, a, b) _mm256_dpbusd_epi32(sum, a, b)
#include "dots256.h"

const vk_kernels vk_avx512vl_kernels = {quantise_block, multiply, FEW};
#pragma clang attribute pop
#endif
