#pragma once
// The loops of the search for near vectors that instruction sets make quick. Each instruction set's file
// includes this one, with CRC_WORD(crc, word) and CRC_HALF(crc, half) where it has instructions for eight and four bytes
// of a CRC-32C, and with OWN_ESTIMATE where it has a function `estimate` of its own.
#include <string.h>

#include "kernels.h"

enum { PRODUCT_LANES = 64, ROWS_AT_ONCE = 4, CACHE_LINE = 64 };

// Four bits of a byte at a time: the remainders of the reflected polynomial 0x82f63b78.
static inline uint32_t crc_byte(uint32_t crc, uint8_t byte) {
    static const uint32_t remainders[16] = {
        0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
        0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
        0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
    };
    crc ^= byte;
    crc = crc >> 4 ^ remainders[crc & 15];
    return crc >> 4 ^ remainders[crc & 15];
}

static uint32_t crc32c(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    crc = ~crc;
#ifdef CRC_WORD
    for (; count >= 8; count -= 8, next += 8) {
        uint64_t word;
        memcpy(&word, next, sizeof word);
        crc = CRC_WORD(crc, word);
    }
#endif
    for (; count > 0; count--) crc = crc_byte(crc, *next++);
    return ~crc;
}

#ifndef OWN_ESTIMATE
static void estimate(const vk_sign_query *query, const uint64_t *restrict signs,
                     const float *restrict factors, size_t count, size_t words,
                     float *restrict estimates) {
    for (size_t row = 0; row < count; row += VK_SIGN_ROWS) {
        uint64_t counts[VK_SIGN_PLANES][VK_SIGN_ROWS] = {{0}};
        for (size_t w = 0; w < words; w++, signs += VK_SIGN_ROWS)
            for (size_t p = 0; p < VK_SIGN_PLANES; p++) {
                const uint64_t plane = query->planes[w * VK_SIGN_PLANES + p];
                for (size_t r = 0; r < VK_SIGN_ROWS; r++)
                    counts[p][r] += (uint64_t)__builtin_popcountll(signs[r] & plane);
            }
        for (size_t r = 0; r < VK_SIGN_ROWS; r++) {
            const int32_t set = (int32_t)counts[0][r] + 2 * (int32_t)counts[1][r] +
                                4 * (int32_t)counts[2][r] - 8 * (int32_t)counts[3][r];
            const float sum = query->step * (float)(2 * set - query->total);
            estimates[row + r] = query->offset + factors[row + r] * sum;
        }
    }
}
#endif

static inline float product(const int8_t *restrict row, const float *restrict query, size_t count) {
    float lanes[PRODUCT_LANES] = {0};
    size_t i = 0;
    for (; i + PRODUCT_LANES <= count; i += PRODUCT_LANES)
        for (size_t l = 0; l < PRODUCT_LANES; l++) lanes[l] += (float)row[i + l] * query[i + l];
    for (; i < count; i++) lanes[i % PRODUCT_LANES] += (float)row[i] * query[i];
    for (size_t half = PRODUCT_LANES / 2; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++) lanes[l] += lanes[l + half];
    return lanes[0];
}

// The checks of a few rows side by side: each word of a check waits for the one before, which takes three times as long
// as beginning the next.
static inline void checks(const vk_vectors *vectors, const size_t *rows, uint32_t *out) {
    const size_t bytes = vectors->stride - 4;
#ifdef CRC_WORD
    const uint8_t *records[ROWS_AT_ONCE];
    uint32_t crc[ROWS_AT_ONCE], half;
    uint64_t word;
    for (size_t r = 0; r < ROWS_AT_ONCE; r++) {
        records[r] = vectors->records + rows[r] * vectors->stride;
        crc[r] = CRC_WORD(~0u, (uint64_t)vectors->assets[rows[r]]);
        crc[r] = CRC_HALF(crc[r], (uint32_t)vectors->seconds[rows[r]]);
    }
    size_t i = 0;
    for (; i + 8 <= bytes; i += 8)
        for (size_t r = 0; r < ROWS_AT_ONCE; r++) {
            memcpy(&word, records[r] + i, sizeof word);
            crc[r] = CRC_WORD(crc[r], word);
        }
    for (size_t r = 0; r < ROWS_AT_ONCE; r++) {
        if (i < bytes) {
            memcpy(&half, records[r] + i, sizeof half);
            crc[r] = CRC_HALF(crc[r], half);
        }
        out[r] = ~crc[r];
    }
#else
    for (size_t r = 0; r < ROWS_AT_ONCE; r++) {
        uint32_t crc = crc32c(0, vectors->assets + rows[r], sizeof *vectors->assets);
        crc = crc32c(crc, vectors->seconds + rows[r], sizeof *vectors->seconds);
        out[r] = crc32c(crc, vectors->records + rows[r] * vectors->stride, bytes);
    }
#endif
}

// Rows lie apart, each on a page of its own: the processor does not guess where the next is.
static inline void fetch(const vk_vectors *vectors, size_t row) {
    const uint8_t *next = vectors->records + row * vectors->stride;
    for (size_t line = 0; line < vectors->stride; line += CACHE_LINE) __builtin_prefetch(next + line);
    __builtin_prefetch(vectors->assets + row);
    __builtin_prefetch(vectors->seconds + row);
}

static size_t score(const vk_vectors *vectors, const uint32_t *places, size_t count, uint32_t first,
                    const float *query, float *scores) {
    const size_t stride = vectors->stride;
    for (size_t i = 0; i < count; i += ROWS_AT_ONCE) {
        const size_t together = count - i < ROWS_AT_ONCE ? count - i : ROWS_AT_ONCE;
        size_t rows[ROWS_AT_ONCE];
        uint32_t found[ROWS_AT_ONCE];
        for (size_t r = 0; r < ROWS_AT_ONCE; r++) {
            const size_t place = i + (r < together ? r : together - 1);
            rows[r] = places ? places[place] - first : place;
            if (places && place + ROWS_AT_ONCE < count)
                fetch(vectors, places[place + ROWS_AT_ONCE] - first);
        }
        checks(vectors, rows, found);
        for (size_t r = 0; r < together; r++) {
            const uint8_t *record = vectors->records + rows[r] * stride;
            uint32_t stored;
            float scale;
            memcpy(&stored, record + stride - 4, sizeof stored);
            if (found[r] != stored) return i + r;
            memcpy(&scale, record + stride - 8, sizeof scale);
            scores[i + r] = scale * product((const int8_t *)record, query, vectors->dimension);
        }
    }
    return count;
}

#define VK_SIMILARITY(name) const vk_similarity name = {crc32c, estimate, score}
