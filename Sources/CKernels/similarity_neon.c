// The search for near vectors by NEON; the compiler counts bits with it by itself. Processors with dot
// products have the instructions for the CRC, which Arm asks for since 8.1.
#if defined(__aarch64__)
#include <arm_acle.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("crc"))), apply_to = function)
#define CRC_WORD(crc, word) __crc32cd(crc, word)
#define CRC_HALF(crc, half) __crc32cw(crc, half)
#include "similarity_loops.h"

VK_SIMILARITY(vk_neon_similarity);
#pragma clang attribute pop
#endif
