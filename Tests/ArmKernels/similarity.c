// The search for near vectors: checks with known values, estimates and products against plain loops.
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"
#include "check.h"

enum { ROWS = 16 };

static uint64_t any_bits(void) {
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) bits = bits << 8 | (uint8_t)(int)(any_number() * 127 + 128);
    return bits;
}

static int rounded(const uint64_t *planes, size_t i) {
    int number = 0;
    for (size_t p = 0; p < VK_SIGN_PLANES; p++) {
        const int bit = planes[i / 64 * VK_SIGN_PLANES + p] >> i % 64 & 1;
        number += (p == VK_SIGN_PLANES - 1 ? -(1 << p) : 1 << p) * bit;
    }
    return number;
}

static void estimates(size_t dimension) {
    const size_t words = vk_sign_words(dimension);
    float *query = any_numbers(dimension), *centre = any_numbers(dimension);
    float *spread = room(dimension * sizeof *spread), *factors = any_numbers(ROWS);
    uint64_t *signs = room(ROWS * words * sizeof *signs);
    for (size_t i = 0; i < ROWS * words; i++) signs[i] = any_bits();
    for (size_t i = 0; i < dimension; i++) spread[i] = 0.5f;
    vk_sign_query prepared = {.planes = room(words * VK_SIGN_PLANES * sizeof(uint64_t))};
    vk_prepare_sign_query(query, centre, spread, dimension, &prepared);
    float found[ROWS];
    vk_estimate_products(&prepared, signs, factors, ROWS, words, found);
    double offset = 0, worst = 0;
    for (size_t i = 0; i < dimension; i++) offset += (double)query[i] * centre[i];
    for (size_t row = 0; row < ROWS; row++) {
        int sum = 0;
        for (size_t i = 0; i < dimension; i++) {
            const uint64_t word = signs[(row / VK_SIGN_ROWS * words + i / 64) * VK_SIGN_ROWS +
                                        row % VK_SIGN_ROWS];
            sum += (word >> i % 64 & 1 ? 1 : -1) * rounded(prepared.planes, i);
        }
        worst = fmax(worst, fabs(found[row] - offset - (double)factors[row] * prepared.step * sum));
    }
    check(worst < 1e-3, "estimates of %zu numbers: off by %g", dimension, worst);
    free(query), free(centre), free(spread), free(factors), free(signs), free(prepared.planes);
}

static void scores(size_t dimension) {
    const size_t stride = vk_record_bytes(dimension);
    uint8_t *records = room(ROWS * stride);
    float *query = any_numbers(dimension), found[ROWS];
    int64_t assets[ROWS];
    int32_t seconds[ROWS];
    const float scale = 0.25f;
    for (size_t row = 0; row < ROWS; row++) {
        uint8_t *record = records + row * stride;
        for (size_t i = 0; i < dimension; i++) record[i] = (uint8_t)(int)(any_number() * 127);
        memcpy(record + stride - 8, &scale, sizeof scale);
        assets[row] = (int64_t)row * 3;
        seconds[row] = (int32_t)row - 1;
        vk_seal_record(record, dimension, assets[row], seconds[row]);
    }
    const vk_vectors vectors = {records, assets, seconds, dimension, stride};
    check(vk_score_vectors(&vectors, NULL, ROWS, 0, query, found) == ROWS, "rows are whole");
    double worst = 0;
    for (size_t row = 0; row < ROWS; row++) {
        double sum = 0;
        for (size_t i = 0; i < dimension; i++)
            sum += (double)(int8_t)records[row * stride + i] * query[i];
        worst = fmax(worst, fabs(found[row] - sum * scale));
    }
    check(worst < 1e-2, "products of %zu numbers: off by %g", dimension, worst);
    records[5 * stride] ^= 1;
    check(vk_score_vectors(&vectors, NULL, ROWS, 0, query, found) == 5, "a damaged row is found");
    free(records), free(query);
}

void check_similarity(void) {
    check(vk_crc32c(0, "123456789", 9) == 0xe3069283, "CRC-32C");
    check(vk_crc32c(vk_crc32c(0, "1234", 4), "56789", 5) == 0xe3069283, "CRC-32C in two parts");
    const size_t dimensions[] = {1, 3, 63, 64, 65, 200, 768, 1025};
    for (size_t i = 0; i < sizeof dimensions / sizeof *dimensions; i++) {
        estimates(dimensions[i]);
        scores(dimensions[i]);
    }
}
