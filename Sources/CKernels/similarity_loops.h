#pragma once
// The loops of the search for near vectors that instruction sets make quick. Each instruction set's file
// includes this one, with CRC_WORD(crc, word) where it has an instruction for eight bytes of a CRC-32C, and
// with OWN_ESTIMATE where it has a function `estimate` of its own.
#include <string.h>

#include "kernels.h"

enum { PRODUCT_LANES = 64 };

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

static size_t score(const vk_vectors *vectors, const uint32_t *places, size_t count, uint32_t first,
                    const float *query, float *scores) {
    const size_t stride = vectors->stride, last = stride - 8;
    for (size_t i = 0; i < count; i++) {
        const size_t row = places ? places[i] - first : i;
        if (places && i + 4 < count) {
            // Rows lie apart, each on a page of its own: the processor does not guess where the next is.
            const uint8_t *next = vectors->records + (places[i + 4] - first) * stride;
            for (size_t line = 0; line < stride; line += 256) __builtin_prefetch(next + line);
        }
        const uint8_t *record = vectors->records + row * stride;
        uint32_t check = crc32c(0, vectors->assets + row, sizeof *vectors->assets), stored;
        check = crc32c(check, vectors->seconds + row, sizeof *vectors->seconds);
        check = crc32c(check, record, last + 4);
        memcpy(&stored, record + last + 4, sizeof stored);
        if (check != stored) return i;
        float scale;
        memcpy(&scale, record + last, sizeof scale);
        scores[i] = scale * product((const int8_t *)record, query, vectors->dimension);
    }
    return count;
}

#define VK_SIMILARITY(name) const vk_similarity name = {crc32c, estimate, score}
