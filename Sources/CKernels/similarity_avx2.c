// The search for near vectors by AVX2; processors that have it have an instruction for the CRC.
#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,popcnt,sse4.2"))), \
                             apply_to = function)
#define CRC_WORD(crc, word) (uint32_t)_mm_crc32_u64(crc, word)
#define CRC_HALF(crc, half) _mm_crc32_u32(crc, half)
#include "similarity_loops.h"

VK_SIMILARITY(vk_avx2_similarity);
#pragma clang attribute pop
#endif
