// Row and element loops for AVX-512.
#if defined(__x86_64__)
#include <math.h>
#include <string.h>

#pragma clang attribute push(                                                    \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c"))), \
    apply_to = function)
#define HAS_HALVES
#define HAS_MANY_REGISTERS
#include "elements.h"

VK_ELEMENTS(vk_avx512_elements);
#pragma clang attribute pop
#endif
