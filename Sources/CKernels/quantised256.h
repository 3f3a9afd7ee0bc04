#pragma once
// What products in registers of 256 bits share. The file that includes it has defined
//   block_sums   of few rows with a block: sums [count][2] of eight outputs each
//   add_panel    of many rows with a panel: totals [rows][16]
enum { ROWS_AT_ONCE = 256 };  // Rows that meet a block while it is in the first-level cache.

// A panel by few rows: totals [count][16].
INLINE void stream_panel(const destination cache, const int count, const vk_format format,
                         const uint8_t *weights, const vk_rows *x, float *totals) {
    const vk_panel panel = vk_panel_at(format, weights, x->inputs);
    const passage way = passage_of(format, x->inputs);
    __m256 all[FEW][2];
    for (int r = 0; r < count; r++) all[r][0] = all[r][1] = _mm256_setzero_ps();
    for (size_t at = 0; at < vk_blocks(x->inputs); at++) {
        __m256i sums[FEW][2];
        __m256 scales[2];
        const vk_tile tile = vk_tile_at(x, 0, at);
        const size_t groups = vk_block_length(x->inputs, at) / VK_GROUP;
        ask_for_steps(cache, panel.scales + at * VK_PANEL * 2 + way.next);
        block_sums(cache, count, format, &panel, &way, at * GROUPS, groups, &tile, sums);
        scales_of(panel.scales + at * VK_PANEL * 2, scales);
        for (int r = 0; r < count; r++)
            for (int h = 0; h < 2; h++) {
                const __m256 scale = _mm256_mul_ps(_mm256_set1_ps(tile.scales[r]), scales[h]);
                all[r][h] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(sums[r][h]), scale, all[r][h]);
            }
    }
    for (int r = 0; r < count; r++)
        for (int h = 0; h < 2; h++) _mm256_storeu_ps(totals + r * VK_PANEL + 8 * h, all[r][h]);
}

// Caches, counts and formats apart, so that loops over rows are unrolled and sums live in
// registers.
typedef void streaming(const uint8_t *weights, const vk_rows *x, float *totals);
#define DEFINE_STREAM(name, cache, count, format)                                         \
    static void name##_##count(const uint8_t *weights, const vk_rows *x, float *totals) { \
        stream_panel(cache, count, format, weights, x, totals);                           \
    }
#define DEFINE_STREAMS(name, cache, format) \
    DEFINE_STREAM(name, cache, 1, format)   \
    DEFINE_STREAM(name, cache, 2, format)   \
    DEFINE_STREAM(name, cache, 3, format)   \
    DEFINE_STREAM(name, cache, 4, format)   \
    static streaming *const name[FEW] = {name##_1, name##_2, name##_3, name##_4};
DEFINE_STREAMS(nibbles_first, FIRST_CACHE, VK_Q4)
DEFINE_STREAMS(nibbles_second, SECOND_CACHE, VK_Q4)
DEFINE_STREAMS(bytes_first, FIRST_CACHE, VK_Q8)
DEFINE_STREAMS(bytes_second, SECOND_CACHE, VK_Q8)

static streaming *stream_of(vk_format format, size_t rows) {
    if (best_destination() == FIRST_CACHE)
        return (format == VK_Q4 ? nibbles_first : bytes_first)[rows - 1];
    return (format == VK_Q4 ? nibbles_second : bytes_second)[rows - 1];
}

// Writes totals [rows][16] of a panel of which `outputs` exist.
static void write_totals(const float *totals, size_t rows, size_t outputs, float *y, size_t stride,
                         int adds) {
    const size_t wide = outputs < VK_PANEL ? outputs : VK_PANEL;
    for (size_t row = 0; row < rows; row++, y += stride, totals += VK_PANEL)
        for (size_t o = 0; o < wide; o++) y[o] = totals[o] + (adds ? y[o] : 0);
}

static void multiply(vk_format format, const uint8_t *weights, size_t panels, size_t outputs,
                     const vk_rows *x, float *y, size_t stride, int adds) {
    _Alignas(64) float totals[ROWS_AT_ONCE * VK_PANEL];
    const size_t bytes = vk_panel_bytes(format, x->inputs);
    for (size_t p = 0; p < panels; p++, weights += bytes, y += VK_PANEL)
        for (size_t first = 0; first < x->rows; first += ROWS_AT_ONCE) {
            const size_t rest = x->rows - first, rows = rest < ROWS_AT_ONCE ? rest : ROWS_AT_ONCE;
            if (x->rows <= FEW)
                stream_of(format, x->rows)(weights, x, totals);
            else
                add_panel(format, weights, x, first, first + rows, totals);
            write_totals(totals, rows, outputs - p * VK_PANEL, y + first * stride, stride, adds);
        }
}

static void quantise_block(const float *x, size_t count, size_t length, size_t rows, int8_t *values,
                           float *scale, int32_t *offset) {
    quantise(x, count, length, rows, values, scale, offset);
}
