// Products with packed weights by AVX2, which has no dot product of bytes: weights are expanded to
// 16 bits, and pairs of 16-bit products are added exactly.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include <immintrin.h>

#include "expanding.h"

static void expand(vk_format format, const vk_panel *panel, size_t first, size_t groups,
                   void *expanded) {
    int16_t *target = expanded;
#define STORE(vector, i, value) target[(vector) * 64 + (i)] = (int16_t)(value)
    for (size_t group = first; group < first + groups; group++, target += 512)
        VK_EXPAND_GROUP(format, panel, group, STORE)
#undef STORE
}

// A row's four values, as 16 bits, in every quarter.
static inline __m256i four(const int8_t *values) {
    int32_t bits;
    __builtin_memcpy(&bits, values, 4);
    return _mm256_broadcastq_epi64(_mm_cvtepi8_epi16(_mm_cvtsi32_si128(bits)));
}

// Neighbouring partial sums of two registers, added and in the outputs' order.
static inline __m256i joined(__m256i a, __m256i b) {
    return _mm256_permute4x64_epi64(_mm256_hadd_epi32(a, b), 0xd8);
}

static void sum_rows(const int count, const int16_t *weights, size_t length, size_t rows,
                     const int8_t *values, int32_t sums[VK_TILE][VK_PANEL]) {
    __m256i parts[2][4];
    for (int r = 0; r < count; r++)
        for (int q = 0; q < 4; q++) parts[r][q] = _mm256_setzero_si256();
    for (size_t k = 0; k < length; k += 4, weights += 64, values += 4 * rows)
        for (int q = 0; q < 4; q++) {
            const __m256i w = _mm256_load_si256((const __m256i *)(weights + q * 16));
            for (int r = 0; r < count; r++)
                parts[r][q] =
                    _mm256_add_epi32(parts[r][q], _mm256_madd_epi16(w, four(values + 4 * r)));
        }
    for (int r = 0; r < count; r++)
        for (int h = 0; h < 2; h++)
            _mm256_storeu_si256((__m256i *)(sums[r] + 8 * h),
                                joined(parts[r][2 * h], parts[r][2 * h + 1]));
}

static void sum(const void *expanded, size_t length, size_t rows, const int8_t *values,
                int32_t sums[VK_TILE][VK_PANEL]) {
    size_t row = 0;
    for (; row + 2 <= rows; row += 2)
        sum_rows(2, expanded, length, rows, values + row * 4, sums + row);
    if (row < rows) sum_rows(1, expanded, length, rows, values + row * 4, sums + row);
}

static void multiply(vk_format format, const uint8_t *weights, size_t panels, size_t outputs,
                     const vk_rows *x, float *y, size_t stride, int adds) {
    _Alignas(64) int16_t scratch[VK_BLOCK * VK_PANEL];
    vk_generic_multiply(format, weights, panels, outputs, x, y, stride, adds, scratch, expand, sum);
}

const vk_kernels vk_avx2_kernels = {vk_generic_quantise_block, multiply};
#pragma clang attribute pop
#endif
