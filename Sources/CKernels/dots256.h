#pragma once
// Products with packed weights by dot products of 32 bytes: those of AVX-VNNI, or AVX-512's own. The
// file that includes this says which in DOTS(sum, a, b), a being unsigned bytes and b signed ones.
#include <string.h>

#include "avx2.h"

enum { AT_ONCE = 4 };  // Rows whose sums with a block stay in registers.

// A block of 4-bit weights as bytes, [length / 4][64]. Two neighbouring nibbles are multiplied by
// one 16-bit product: neither half exceeds 15 * 16 < 256.
INLINE void expand(const vk_panel *panel, size_t first, size_t groups, uint8_t *target) {
    const __m256i low = _mm256_set1_epi8(15), middle = _mm256_set1_epi8((char)0x80);
    for (size_t g = first; g < first + groups; g++) {
        const grouped group = group_of(panel->steps + g * VK_PANEL);
        const uint8_t *nibbles = panel->weights + g * 256;
        for (size_t v = 0; v < 4; v++, nibbles += 64, target += 128) {
            _mm_prefetch((const char *)nibbles + AHEAD, _MM_HINT_T1);
            for (int h = 0; h < 2; h++) {
                const __m256i zeros =
                    _mm256_or_si256(group.zeros[h], _mm256_slli_epi16(group.zeros[h], 8));
                const __m256i shift = _mm256_xor_si256(zeros, middle);
                const __m256i pairs = load(nibbles + 32 * h);
                const __m256i even = _mm256_and_si256(pairs, low);
                const __m256i odd = _mm256_and_si256(_mm256_srli_epi16(pairs, 4), low);
                store(target + 32 * h,
                      _mm256_sub_epi8(_mm256_mullo_epi16(even, group.steps[h]), shift));
                store(target + 64 + 32 * h,
                      _mm256_sub_epi8(_mm256_mullo_epi16(odd, group.steps[h]), shift));
            }
        }
    }
}

// Some rows of a tile, from one on, by a block of bytes: added to totals [count][16].
INLINE void add_rows(const int count, const uint8_t *bytes, size_t length, const vk_tile *tile,
                     size_t rows, size_t row, const __m256 *scales, float *totals) {
    __m256i sums[AT_ONCE][2];
    for (int r = 0; r < count; r++)
        sums[r][0] = sums[r][1] = _mm256_set1_epi32(tile->offsets[row + (size_t)r]);
    const int8_t *values = tile->values + 4 * row;
    for (size_t k = 0; k < length; k += 4, bytes += 64, values += 4 * rows) {
        const __m256i left = load(bytes), right = load(bytes + 32);
        for (int r = 0; r < count; r++) {
            const __m256i x = four(values + 4 * r);
            sums[r][0] = DOTS(sums[r][0], left, x);
            sums[r][1] = DOTS(sums[r][1], right, x);
        }
    }
    for (int r = 0; r < count; r++)
        for (int h = 0; h < 2; h++)
            add_to_total(totals + (row + (size_t)r) * VK_PANEL + 8 * h, sums[r][h],
                         tile->scales[row + (size_t)r], scales[h]);
}

INLINE void add_tile(const uint8_t *bytes, size_t length, const vk_tile *tile, size_t rows,
                     const __m256 *scales, float *totals) {
    size_t row = 0;
    for (; row + AT_ONCE <= rows; row += AT_ONCE)
        add_rows(AT_ONCE, bytes, length, tile, rows, row, scales, totals);
    switch (rows - row) {
        case 1: add_rows(1, bytes, length, tile, rows, row, scales, totals); break;
        case 2: add_rows(2, bytes, length, tile, rows, row, scales, totals); break;
        case 3: add_rows(3, bytes, length, tile, rows, row, scales, totals); break;
        default: break;
    }
}

// A panel by the rows `first..<last`: totals [rows][16].
static void add_panel(vk_format format, const uint8_t *weights, const vk_rows *x, size_t first,
                  size_t last, float *totals) {
    _Alignas(32) uint8_t expanded[VK_BLOCK * VK_PANEL];
    const vk_panel panel = vk_panel_at(format, weights, x->inputs);
    memset(totals, 0, (last - first) * VK_PANEL * sizeof *totals);
    for (size_t at = 0; at < vk_blocks(x->inputs); at++) {
        __m256 scales[2];
        scales_of(panel.scales + at * VK_PANEL * 2, scales);
        const size_t length = vk_block_length(x->inputs, at);
        const uint8_t *bytes = panel.weights + at * VK_BLOCK * VK_PANEL;
        if (format == VK_Q4) {
            expand(&panel, at * GROUPS, length / VK_GROUP, expanded);
            bytes = expanded;
        } else {
            for (size_t i = 0; i < length * VK_PANEL; i += 64)
                _mm_prefetch((const char *)bytes + i + AHEAD, _MM_HINT_T1);
        }
        for (size_t row = first; row < last; row += VK_TILE) {
            const vk_tile tile = vk_tile_at(x, row, at);
            add_tile(bytes, length, &tile, last - row < VK_TILE ? last - row : VK_TILE, scales,
                     totals + (row - first) * VK_PANEL);
        }
    }
}

// A block of nibbles by the rows of a tile, weights going from memory through registers: the sums
// are multiplied with the groups' steps afterwards, the same integers.
INLINE void stream_nibbles(const destination cache, const int count, const vk_panel *panel,
                           const passage *way, size_t first, size_t groups, const vk_tile *tile,
                           __m256i (*sums)[2]) {
    const __m256i low = _mm256_set1_epi8(15), whole = _mm256_set1_epi32(0xffff);
    const int8_t *values = tile->values;
    int32_t pairs[GROUPS / 2 * VK_TILE];
    pair_sums(tile, (size_t)count, groups, pairs);
    for (int r = 0; r < count; r++) sums[r][0] = sums[r][1] = _mm256_setzero_si256();
    for (size_t g = 0; g < groups; g++) {
        const grouped group = group_of(panel->steps + (first + g) * VK_PANEL);
        const uint8_t *nibbles = panel->weights + (first + g) * 256;
        const size_t ahead = ahead_of(way, first + g, 256);
        ask_for_steps(cache, panel->steps + (first + g) * VK_PANEL + way->next);
        __m256i parts[FEW][2];
        for (int r = 0; r < count; r++) parts[r][0] = parts[r][1] = _mm256_setzero_si256();
        for (size_t v = 0; v < 4; v++, nibbles += 64, values += 8 * count) {
            ask_for_weights(cache, nibbles + ahead);
            for (int h = 0; h < 2; h++) {
                const __m256i both = load(nibbles + 32 * h);
                const __m256i even = _mm256_and_si256(both, low);
                const __m256i odd = _mm256_and_si256(_mm256_srli_epi16(both, 4), low);
                for (int r = 0; r < count; r++)
                    parts[r][h] = DOTS(parts[r][h], even, four(values + 4 * r));
                for (int r = 0; r < count; r++)
                    parts[r][h] = DOTS(parts[r][h], odd, four(values + 4 * (count + r)));
            }
        }
        for (int r = 0; r < count; r++)
            for (int h = 0; h < 2; h++) {
                // The group's own half of the pair: its zero points times minus its sum.
                const int32_t pair = pairs[g / 2 * VK_TILE + (size_t)r];
                const __m256i sum = _mm256_set1_epi32(g % 2 ? pair >> 16 : (int16_t)pair);
                const __m256i zeros = _mm256_and_si256(group.zeros[h], whole);
                const __m256i step = _mm256_and_si256(group.steps[h], whole);
                const __m256i product = _mm256_mullo_epi32(parts[r][h], step);
                sums[r][h] = _mm256_add_epi32(
                    _mm256_add_epi32(sums[r][h], product), _mm256_madd_epi16(zeros, sum));
            }
    }
}

INLINE void stream_bytes(const destination cache, const int count, const vk_panel *panel,
                         const passage *way, size_t first, size_t groups, const vk_tile *tile,
                         __m256i (*sums)[2]) {
    const uint8_t *weights = panel->weights + first * 512;
    const int8_t *values = tile->values;
    for (int r = 0; r < count; r++) sums[r][0] = sums[r][1] = _mm256_set1_epi32(tile->offsets[r]);
    for (size_t k = 0; k < groups * 8; k++, weights += 64, values += 4 * count) {
        ask_for_weights(cache, weights + ahead_of(way, first + k / 8, 512));
        for (int h = 0; h < 2; h++)
            for (int r = 0; r < count; r++)
                sums[r][h] = DOTS(sums[r][h], load(weights + 32 * h), four(values + 4 * r));
    }
}

INLINE void block_sums(const destination cache, const int count, const vk_format format,
                       const vk_panel *panel, const passage *way, size_t first, size_t groups,
                       const vk_tile *tile, __m256i (*sums)[2]) {
    (format == VK_Q4 ? stream_nibbles : stream_bytes)(cache, count, panel, way, first, groups,
                                                      tile, sums);
}

#include "quantised256.h"
