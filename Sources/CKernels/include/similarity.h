#pragma once
// Searching many vectors for those nearest to a query. A first look estimates every product from one
// bit a number; what may be among the best is then multiplied out. VectorIndex has the file that the
// rows lie in.
//
// Rows and queries are mixed first (`vk_mix`), which changes no product and lets every number carry as much as
// the next. A group of rows has a centre m and a spread a, the mean and the mean distance from it of each number.
// Of a row x only the signs s of x - m are looked at, and a factor f = |x - m|^2 / (a . |x - m|), so that
// f a s stands for x - m: the product with it of a query q is f sum(q a s), whose error against q . (x - m)
// has a mean of nothing (Gao and Long, RaBitQ, SIGMOD 2024, with weights a besides). The query's numbers q a
// are rounded to four bits, so that the sum is made of counted bits.
#include <stddef.h>
#include <stdint.h>

enum {
    VK_SIGN_ROWS = 8,    ///< Rows whose signs stand interleaved, a word of 64 of each in turn.
    VK_SIGN_PLANES = 4,  ///< Bits of a rounded number of the query, two's complement.
};

/// Words of 64 signs a row.
static inline size_t vk_sign_words(size_t dimension) { return (dimension + 63) / 64; }

/// A query as it meets the signs of one group of rows.
typedef struct {
    uint64_t *planes;  ///< [vk_sign_words][VK_SIGN_PLANES]
    int32_t total;     ///< Sum of the rounded numbers.
    float step;        ///< What a rounded number's one stands for.
    float offset;      ///< The query's product with the centre.
} vk_sign_query;

/// Rows of 8-bit numbers. A row's record is `stride` bytes long: the numbers, padded with zeros to a
/// multiple of four; the scale, single precision; and a CRC-32C of all before it, begun with that of the
/// row's asset and second (twelve bytes).
typedef struct {
    const uint8_t *records;
    const int64_t *assets;
    const int32_t *seconds;
    size_t dimension, stride;
} vk_vectors;

/// Bytes of a record.
static inline size_t vk_record_bytes(size_t dimension) { return (dimension + 3) / 4 * 4 + 8; }

/// CRC-32C (Castagnoli; RFC 3720, B.4) of bytes, continuing from that of what stands before them; 0 to begin with.
uint32_t vk_crc32c(uint32_t crc, const void *bytes, size_t count);

/// Writes the check of a record whose numbers and scale stand.
void vk_seal_record(uint8_t *record, size_t dimension, int64_t asset, int32_t second);

/// Turns a vector in place, all by the same rotation: signs are flipped and Walsh-Hadamard transforms taken of
/// the largest power of two of first and of last numbers, four times in turn. At most 4,096 numbers.
void vk_mix(float *x, size_t dimension);

/// Centre and spread [dimension] of `count` mixed rows; the spread from each eighth.
void vk_centre_vectors(const vk_vectors *vectors, size_t count, float *centre, float *spread);

/// Signs [count / VK_SIGN_ROWS][words][VK_SIGN_ROWS] and factors [count] of `count` rows, a multiple of
/// VK_SIGN_ROWS.
void vk_sign_vectors(const vk_vectors *vectors, size_t count, const float *centre, const float *spread,
                     uint64_t *signs, float *factors);

/// Prepares a mixed query for rows of such a centre and spread; `out` has its planes' memory.
void vk_prepare_sign_query(const float *query, const float *centre, const float *spread,
                           size_t dimension, vk_sign_query *out);

/// The query's estimated product with each of `count` rows, a multiple of VK_SIGN_ROWS.
void vk_estimate_products(const vk_sign_query *query, const uint64_t *signs, const float *factors,
                          size_t count, size_t words, float *estimates);

/// The query's product with each of the rows `places[i] - first` (with i itself where `places` is NULL).
/// Returns how many are done: `count`, or the first row's whose check says that it is damaged.
size_t vk_score_vectors(const vk_vectors *vectors, const uint32_t *places, size_t count, uint32_t first,
                        const float *query, float *scores);

/// Sets to minus infinity what belongs to no asset of a set: bit n of `bits` for asset n below `limit`.
/// Returns how many stay.
size_t vk_keep_assets(const int64_t *assets, size_t count, const uint64_t *bits, size_t limit,
                      float *estimates);

/// Writes `first` + i for each x[i] with low <= x[i] < high; returns how many.
size_t vk_places_between(const float *x, size_t count, float low, float high, uint32_t first,
                         uint32_t *places);
