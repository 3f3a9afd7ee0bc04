// Products of few rows with packed weights by AVX-512: each weight is used once, so what counts is
// that memory never waits.
#if defined(__x86_64__)
#pragma clang attribute push(                                                               \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,f16c"))), \
    apply_to = function)
#include "asking.h"
#include "avx512.h"

// A vector of weights times four values of each row: of `rows` in one tile, of `more` in the next.
INLINE void add_products(const int rows, const int more, __m512i *sums, __m512i weights,
                         const int8_t *values, const int8_t *further) {
    for (int r = 0; r < rows; r++)
        sums[r] = _mm512_dpbusd_epi32(sums[r], weights, four(values + 4 * r));
    for (int r = 0; r < more; r++)
        sums[rows + r] = _mm512_dpbusd_epi32(sums[rows + r], weights, four(further + 4 * r));
}

INLINE void stream_nibbles(const destination cache, const int rows, const vk_panel *panel,
                           const passage *way, size_t first, size_t last, const int8_t *values,
                           __m512i *sums) {
    for (size_t group = first; group < last; group++) {
        const size_t ahead = ahead_of(way, group, 256);
        const grouped steps = group_of(panel->steps + group * VK_PANEL);
        ask_for_steps(cache, panel->steps + group * VK_PANEL + way->next);
        for (size_t v = 0; v < 4; v++, values += 8 * rows) {
            __m512i low, high;
            const uint8_t *nibbles = panel->weights + group * 256 + v * 64;
            ask_for_weights(cache, nibbles + ahead);
            bytes_of(nibbles, steps, &low, &high);
            add_products(rows, 0, sums, low, values, NULL);
            add_products(rows, 0, sums, high, values + 4 * rows, NULL);
        }
    }
}

INLINE void stream_bytes(const destination cache, const int rows, const int more,
                         const vk_panel *panel, const passage *way, size_t first, size_t last,
                         const int8_t *values, const int8_t *further, __m512i *sums) {
    for (size_t group = first; group < last; group++) {
        const size_t ahead = ahead_of(way, group, 512);
        for (size_t v = 0; v < 8; v++, values += 4 * rows, further += 4 * more) {
            const uint8_t *weights = panel->weights + group * 512 + v * 64;
            ask_for_weights(cache, weights + ahead);
            add_products(rows, more, sums, _mm512_loadu_si512(weights), values, further);
        }
    }
}

// Few rows, one tile or, of bytes, two: weights go from memory through registers, are used once and
// never stored. `old` masks what stands in y already and is added to.
INLINE void stream(vk_format format, const destination cache, const int rows, const int more,
                   const uint8_t *bytes, const vk_rows *x, __mmask16 mask, __mmask16 old, float *y,
                   size_t stride) {
    const vk_panel panel = vk_panel_at(format, bytes, x->inputs);
    const passage way = passage_of(format, x->inputs);
    __m512 totals[2 * VK_TILE];
    for (int r = 0; r < rows + more; r++) totals[r] = _mm512_setzero_ps();
    for (size_t block = 0; block < vk_blocks(x->inputs); block++) {
        const size_t first = block * (VK_BLOCK / VK_GROUP);
        const size_t last = first + vk_block_length(x->inputs, block) / VK_GROUP;
        const vk_tile tiles[2] = {vk_tile_at(x, 0, block),
                                  vk_tile_at(x, more ? VK_TILE : 0, block)};
        __m512i sums[2 * VK_TILE];
        for (int r = 0; r < rows; r++) sums[r] = _mm512_set1_epi32(tiles[0].offsets[r]);
        for (int r = 0; r < more; r++) sums[rows + r] = _mm512_set1_epi32(tiles[1].offsets[r]);
        ask_for_steps(cache, panel.scales + block * VK_PANEL * 2 + way.next);
        if (format == VK_Q4)
            stream_nibbles(cache, rows, &panel, &way, first, last, tiles[0].values, sums);
        else
            stream_bytes(cache, rows, more, &panel, &way, first, last, tiles[0].values,
                         tiles[1].values, sums);
        const __m512 scales = scales_of(panel.scales + block * VK_PANEL * 2);
        for (int r = 0; r < rows + more; r++) {
            const float scale = r < rows ? tiles[0].scales[r] : tiles[1].scales[r - rows];
            totals[r] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums[r]),
                                        _mm512_mul_ps(_mm512_set1_ps(scale), scales), totals[r]);
        }
    }
    for (int r = 0; r < rows + more; r++, y += stride)
        _mm512_mask_storeu_ps(y, mask, _mm512_add_ps(_mm512_maskz_loadu_ps(old, y), totals[r]));
}

// At most FEW rows by weights of 4 bits. For so few, expanding a group costs more than
// multiplying it; here its nibbles are multiplied as they are, and s (sum of q x - z sum of x) is
// made of the sums afterwards: the same integers.
INLINE void stream_few(const int rows, const uint8_t *bytes, const vk_rows *x, __mmask16 mask,
                       __mmask16 old, float *y, size_t stride) {
    const __m512i fours = _mm512_set1_epi8(15), one = _mm512_set1_epi32(1);
    const __m512i low = _mm512_set1_epi32(15), sixteens = _mm512_set1_epi32(0x00f0f000);
    const __m512i spread = _mm512_set4_epi32(0x0c0c0c0c, 0x08080808, 0x04040404, 0);
    const vk_panel panel = vk_panel_at(VK_Q4, bytes, x->inputs);
    const passage way = passage_of(VK_Q4, x->inputs);
    const int8_t *values = x->values, *corrections = x->sums;
    __m512 totals[FEW];
    for (int r = 0; r < rows; r++) totals[r] = _mm512_setzero_ps();
    for (size_t block = 0; block < vk_blocks(x->inputs); block++) {
        const size_t first = block * (VK_BLOCK / VK_GROUP);
        const size_t last = first + vk_block_length(x->inputs, block) / VK_GROUP;
        __m512i sums[FEW];
        for (int r = 0; r < rows; r++) sums[r] = _mm512_setzero_si512();
        ask_for_steps(SECOND_CACHE, panel.scales + block * VK_PANEL * 2 + way.next);
        for (size_t group = first; group < last; group++, corrections += 4 * rows) {
            const size_t ahead = ahead_of(&way, group, 256);
            ask_for_steps(SECOND_CACHE, panel.steps + group * VK_PANEL + way.next);
            const __m512i steps = _mm512_cvtepu8_epi32(
                _mm_loadu_si128((const __m128i *)(panel.steps + group * VK_PANEL)));
            // z, 16 z, 16 z, 0 for each output.
            const __m512i copies = _mm512_shuffle_epi8(steps, spread);
            const __m512i factors =
                _mm512_ternarylogic_epi32(_mm512_srli_epi32(steps, 4), copies, sixteens, 0xf8);
            __m512i parts[FEW];
            for (int r = 0; r < rows; r++)
                parts[r] =
                    _mm512_dpbusd_epi32(_mm512_setzero_si512(), factors, four(corrections + 4 * r));
            for (size_t v = 0; v < 4; v++, values += 8 * rows) {
                const uint8_t *nibbles = panel.weights + group * 256 + v * 64;
                ask_for_weights(SECOND_CACHE, nibbles + ahead);
                const __m512i pairs = _mm512_loadu_si512(nibbles);
                const __m512i even = _mm512_and_si512(pairs, fours);
                const __m512i odd = _mm512_and_si512(_mm512_srli_epi16(pairs, 4), fours);
                for (int r = 0; r < rows; r++)
                    parts[r] = _mm512_dpbusd_epi32(parts[r], even, four(values + 4 * r));
                for (int r = 0; r < rows; r++)
                    parts[r] = _mm512_dpbusd_epi32(parts[r], odd, four(values + 4 * (rows + r)));
            }
            const __m512i factor = _mm512_add_epi32(_mm512_and_si512(steps, low), one);
            for (int r = 0; r < rows; r++)
                sums[r] = _mm512_add_epi32(sums[r], _mm512_mullo_epi32(parts[r], factor));
        }
        const vk_tile tile = vk_tile_at(x, 0, block);
        const __m512 scales = scales_of(panel.scales + block * VK_PANEL * 2);
        for (int r = 0; r < rows; r++)
            totals[r] =
                _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums[r]),
                                _mm512_mul_ps(_mm512_set1_ps(tile.scales[r]), scales), totals[r]);
    }
    for (int r = 0; r < rows; r++, y += stride)
        _mm512_mask_storeu_ps(y, mask, _mm512_add_ps(_mm512_maskz_loadu_ps(old, y), totals[r]));
}

// The formats and caches apart, so that each is compiled without the others' branches.
#define STREAM(format, cache, n, m) stream(format, cache, n, m, bytes, x, mask, old, y, stride)
#define NIBBLES_FIRST_CACHE(n) STREAM(VK_Q4, FIRST_CACHE, n, 0)
#define NIBBLES_SECOND_CACHE(n) STREAM(VK_Q4, SECOND_CACHE, n, 0)
#define BYTES_FIRST_CACHE(n) STREAM(VK_Q8, FIRST_CACHE, n, 0)
#define BYTES_SECOND_CACHE(n) STREAM(VK_Q8, SECOND_CACHE, n, 0)
#define MORE_BYTES_FIRST_CACHE(n) STREAM(VK_Q8, FIRST_CACHE, VK_TILE, n)
#define MORE_BYTES_SECOND_CACHE(n) STREAM(VK_Q8, SECOND_CACHE, VK_TILE, n)
#define DEFINE_STREAM(name, cache)                                                               \
    static void name##_q4(const uint8_t *bytes, const vk_rows *x, __mmask16 mask, __mmask16 old, \
                          float *y, size_t stride) {                                             \
        WITH_CONSTANT(x->rows, NIBBLES_##cache)                                                  \
    }                                                                                            \
    static void name##_q8(const uint8_t *bytes, const vk_rows *x, __mmask16 mask, __mmask16 old, \
                          float *y, size_t stride) {                                             \
        if (x->rows <= VK_TILE) {                                                                \
            WITH_CONSTANT(x->rows, BYTES_##cache)                                                \
        } else {                                                                                 \
            WITH_CONSTANT(x->rows - VK_TILE, MORE_BYTES_##cache)                                 \
        }                                                                                        \
    }
DEFINE_STREAM(stream_first, FIRST_CACHE)
DEFINE_STREAM(stream_second, SECOND_CACHE)

static void stream_few_rows(const uint8_t *bytes, const vk_rows *x, __mmask16 mask, __mmask16 old,
                            float *y, size_t stride) {
    if (x->rows == 1)
        stream_few(1, bytes, x, mask, old, y, stride);
    else
        stream_few(FEW, bytes, x, mask, old, y, stride);
}

typedef void streaming(const uint8_t *, const vk_rows *, __mmask16, __mmask16, float *, size_t);

// Processors by AMD multiply a few rows by nibbles as quickly as more.
static streaming *streaming_of(vk_format format, int few) {
    if (best_destination() == FIRST_CACHE)
        return format == VK_Q8 ? stream_first_q8 : stream_first_q4;
    return format == VK_Q8 ? stream_second_q8 : few ? stream_few_rows : stream_second_q4;
}

void vk_avx512_stream(vk_format format, const uint8_t *weights, size_t panels, size_t outputs,
                      const vk_rows *x, float *y, size_t stride, int adds) {
    const size_t bytes = vk_panel_bytes(format, x->inputs);
    streaming *const stream = streaming_of(format, x->rows <= FEW && x->sums);
    for (size_t p = 0; p < panels; p++, weights += bytes, y += VK_PANEL) {
        const __mmask16 mask = existing(outputs, p);
        stream(weights, x, mask, adds ? mask : 0, y, stride);
    }
}
#pragma clang attribute pop
#endif
