// Products with packed weights by AVX-VNNI, which processors of desktops have in place of AVX-512.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,avxvnni"))), apply_to = function)
#include <immintrin.h>

#define DOTS(sum, a, b) _mm256_dpbusd_avx_epi32(sum, a, b)
#include "dots256.h"

const vk_kernels vk_avxvnni_kernels = {quantise_block, multiply, FEW};
#pragma clang attribute pop
#endif
