// The search for near vectors: what is chosen by instruction set, and what is done once a row or a query.
#include "similarity.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "kernels.h"

enum { MOST_NUMBERS = 4096 };

const vk_similarity *vk_chosen_similarity(void) {
    switch (vk_current_level()) {
#if defined(__x86_64__)
        case VK_AVX512:
            if (__builtin_cpu_supports("avx512vpopcntdq")) return &vk_avx512_similarity;
            return &vk_avx2_similarity;
        case VK_AVX2:
        case VK_AVX512VL:
        case VK_AVXVNNI: return &vk_avx2_similarity;
#endif
#if defined(__aarch64__)
        case VK_NEON:
        case VK_I8MM: return &vk_neon_similarity;
#endif
        default: return &vk_portable_similarity;
    }
}

uint32_t vk_crc32c(uint32_t crc, const void *bytes, size_t count) {
    return vk_chosen_similarity()->crc32c(crc, bytes, count);
}

void vk_estimate_products(const vk_sign_query *query, const uint64_t *signs, const float *factors,
                          size_t count, size_t words, float *estimates) {
    vk_chosen_similarity()->estimate(query, signs, factors, count, words, estimates);
}

size_t vk_score_vectors(const vk_vectors *vectors, const uint32_t *places, size_t count, uint32_t first,
                        const float *query, float *scores) {
    return vk_chosen_similarity()->score(vectors, places, count, first, query, scores);
}

void vk_seal_record(uint8_t *record, size_t dimension, int64_t asset, int32_t second) {
    const size_t checked = vk_record_bytes(dimension) - 4;
    uint32_t check = vk_crc32c(0, &asset, sizeof asset);
    check = vk_crc32c(check, &second, sizeof second);
    check = vk_crc32c(check, record, checked);
    memcpy(record + checked, &check, sizeof check);
}

static float scale_of(const vk_vectors *vectors, size_t row) {
    float scale;
    memcpy(&scale, vectors->records + (row + 1) * vectors->stride - 8, sizeof scale);
    return scale;
}

static const int8_t *numbers_of(const vk_vectors *vectors, size_t row) {
    return (const int8_t *)vectors->records + row * vectors->stride;
}

// Sixty-four of the signs that a round of mixing turns numbers by (SplitMix64).
static uint64_t flips(size_t round, size_t word) {
    uint64_t bits = 0x9e3779b97f4a7c15u * (round * 4096 + word + 1);
    bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111ebu;
    return bits ^ bits >> 31;
}

// The orthonormal Walsh-Hadamard transform of a power of two of numbers, in place.
static void transform(float *x, size_t count) {
    for (size_t half = 1; half < count; half *= 2)
        for (size_t start = 0; start < count; start += 2 * half) {
            float *restrict low = x + start, *restrict high = low + half;
            for (size_t i = 0; i < half; i++) {
                const float sum = low[i] + high[i];
                high[i] = low[i] - high[i];
                low[i] = sum;
            }
        }
    const float share = 1 / sqrtf((float)count);
    for (size_t i = 0; i < count; i++) x[i] *= share;
}

void vk_mix(float *x, size_t dimension) {
    enum { ROUNDS = 4 };
    size_t power = 1;
    while (power * 2 <= dimension) power *= 2;
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t word = 0; word * 64 < dimension; word++) {
            const uint64_t bits = flips(round, word);
            const size_t left = dimension - word * 64, count = left < 64 ? left : 64;
            for (size_t i = 0; i < count; i++)
                if (bits >> i & 1) x[word * 64 + i] = -x[word * 64 + i];
        }
        // What is no power of two is covered by its first and its last numbers in turn.
        transform(round % 2 == 0 ? x : x + dimension - power, power);
    }
}

// A row's numbers, mixed.
static void mixed(const vk_vectors *vectors, size_t row, float *x) {
    const int8_t *restrict numbers = numbers_of(vectors, row);
    const float scale = scale_of(vectors, row);
    for (size_t i = 0; i < vectors->dimension; i++) x[i] = scale * (float)numbers[i];
    vk_mix(x, vectors->dimension);
}

void vk_centre_vectors(const vk_vectors *vectors, size_t count, float *restrict centre,
                       float *restrict spread) {
    enum { STEP = 8 };  // Each eighth row tells the spread well enough.
    const size_t dimension = vectors->dimension;
    const float share = 1.0f / (float)count;
    memset(centre, 0, dimension * sizeof *centre);
    memset(spread, 0, dimension * sizeof *spread);
    for (size_t row = 0; row < count; row++) {
        const int8_t *restrict numbers = numbers_of(vectors, row);
        const float scale = scale_of(vectors, row) * share;
        for (size_t i = 0; i < dimension; i++) centre[i] += scale * (float)numbers[i];
    }
    vk_mix(centre, dimension);
    for (size_t row = 0; row < count; row += STEP) {
        float x[MOST_NUMBERS];
        mixed(vectors, row, x);
        for (size_t i = 0; i < dimension; i++) spread[i] += STEP * share * fabsf(x[i] - centre[i]);
    }
}

void vk_sign_vectors(const vk_vectors *vectors, size_t count, const float *centre, const float *spread,
                     uint64_t *signs, float *factors) {
    const size_t words = vk_sign_words(vectors->dimension);
    memset(signs, 0, count * words * sizeof *signs);
    for (size_t row = 0; row < count; row++) {
        float x[MOST_NUMBERS];
        mixed(vectors, row, x);
        uint64_t *word = signs + row / VK_SIGN_ROWS * words * VK_SIGN_ROWS + row % VK_SIGN_ROWS;
        float squares = 0, weighed = 0;
        for (size_t i = 0; i < vectors->dimension; i++) {
            const float rest = x[i] - centre[i];
            word[i / 64 * VK_SIGN_ROWS] |= (uint64_t)(rest >= 0) << (i % 64);
            squares += rest * rest;
            weighed += spread[i] * fabsf(rest);
        }
        const float factor = squares / weighed;
        // Where all rows are the same nothing is left over for the signs to say.
        factors[row] = isfinite(factor) ? factor : 0;
    }
}

// The squared error of rounding to -8 ... 7 steps.
static float rounding_error(const float *numbers, size_t count, float step) {
    float error = 0;
    for (size_t i = 0; i < count; i++) {
        const float rounded = fminf(fmaxf(rintf(numbers[i] / step), -8), 7);
        const float rest = numbers[i] - step * rounded;
        error += rest * rest;
    }
    return error;
}

void vk_prepare_sign_query(const float *query, const float *centre, const float *spread,
                           size_t dimension, vk_sign_query *out) {
    // A few numbers much larger than the others are better cut than all others rounded away.
    static const float shares[] = {1, 0.75f, 0.5f, 0.35f};
    float weighed[MOST_NUMBERS], largest = 0;
    out->offset = 0;
    for (size_t i = 0; i < dimension; i++) {
        weighed[i] = query[i] * spread[i];
        largest = fmaxf(largest, fabsf(weighed[i]));
        out->offset += query[i] * centre[i];
    }
    out->step = 1;
    float least = FLT_MAX;
    for (size_t s = 0; largest > 0 && s < sizeof shares / sizeof *shares; s++) {
        const float step = largest * shares[s] / 7.5f;
        const float error = step > 0 ? rounding_error(weighed, dimension, step) : FLT_MAX;
        if (error < least) least = error, out->step = step;
    }
    memset(out->planes, 0, vk_sign_words(dimension) * VK_SIGN_PLANES * sizeof *out->planes);
    out->total = 0;
    for (size_t i = 0; i < dimension; i++) {
        const int32_t rounded = (int32_t)fminf(fmaxf(rintf(weighed[i] / out->step), -8), 7);
        out->total += rounded;
        for (int p = 0; p < VK_SIGN_PLANES; p++)
            out->planes[i / 64 * VK_SIGN_PLANES + p] |= (uint64_t)(rounded >> p & 1) << (i % 64);
    }
}

size_t vk_keep_assets(const int64_t *assets, size_t count, const uint64_t *bits, size_t limit,
                      float *estimates) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t asset = (uint64_t)assets[i];
        const int keeps = asset < limit && (bits[asset / 64] >> (asset % 64) & 1);
        if (!keeps) estimates[i] = -INFINITY;
        kept += (size_t)keeps;
    }
    return kept;
}

size_t vk_places_between(const float *x, size_t count, float low, float high, uint32_t first,
                         uint32_t *places) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        places[found] = first + (uint32_t)i;
        found += x[i] >= low && x[i] < high;
    }
    return found;
}
