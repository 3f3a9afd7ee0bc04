// Products with packed weights by AVX-512 with VNNI: a dot product instruction multiplies the 64
// weights of a vector (16 outputs by 4 inputs) with 4 values of a row.
#if defined(__x86_64__)
#pragma clang attribute push(                                                               \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,f16c"))), \
    apply_to = function)
#include <string.h>

#include "avx512.h"

// Where the same group of the next block is at 4 bits; it has the time of a whole block to arrive.
enum { NEXT = VK_BLOCK * VK_PANEL / 2 };

// The largest magnitude of a row's block, and whether all of it is finite.
static float largest(const float *x, size_t count, int *finite) {
    const __m512 infinity = _mm512_set1_ps(__builtin_inff());
    __m512 top = _mm512_setzero_ps();
    __mmask16 strange = 0;
    for (size_t i = 0; i < count; i += 16) {
        const __mmask16 mask = count - i < 16 ? first(count - i) : (__mmask16)0xffff;
        const __m512 v = _mm512_abs_ps(_mm512_maskz_loadu_ps(mask, x + i));
        strange |= _mm512_cmp_ps_mask(v, infinity, _CMP_NLT_UQ);
        top = _mm512_max_ps(top, v);
    }
    *finite = strange == 0;
    return _mm512_reduce_max_ps(top);
}

static void quantise_block(const float *x, size_t count, size_t length, size_t rows, int8_t *values,
                           float *scale, int32_t *offset) {
    int finite;
    const float top = largest(x, count, &finite);
    const float inverse = finite && top > 1e-30f ? 127.0f / top : 0;
    const __m512 factor = _mm512_set1_ps(inverse);
    __m512i sum = _mm512_setzero_si512();
    for (size_t i = 0; i < length; i += 16) {
        const size_t left = i < count ? count - i : 0;
        const __mmask16 mask =
            inverse > 0 ? (left < 16 ? first(left) : (__mmask16)0xffff) : (__mmask16)0;
        const __m512i whole =
            _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_maskz_loadu_ps(mask, x + i), factor));
        sum = _mm512_add_epi32(sum, whole);
        const __m128i bytes = _mm512_cvtepi32_epi8(whole);
        int8_t *target = values + i * rows;
        _mm_storeu_si32(target, bytes);
        _mm_storeu_si32(target + 4 * rows, _mm_srli_si128(bytes, 4));
        _mm_storeu_si32(target + 8 * rows, _mm_srli_si128(bytes, 8));
        _mm_storeu_si32(target + 12 * rows, _mm_srli_si128(bytes, 12));
    }
    *scale = inverse > 0 ? top / 127.0f : finite ? 0 : __builtin_nanf("");
    *offset = -128 * _mm512_reduce_add_epi32(sum);
}

// A block of a panel as bytes, every second vector of the target: [length / 4][2][64].
static void expand(vk_format format, const vk_panel *panel, size_t block, size_t length,
                   uint8_t *target) {
    const size_t start = block * (VK_BLOCK / VK_GROUP), groups = length / VK_GROUP;
    _mm_prefetch((const char *)panel->scales + (block + 1) * VK_PANEL * 2, _MM_HINT_T1);
    for (size_t group = start; group < start + groups; group++) {
        if (format == VK_Q4) {
            const grouped steps = group_of(panel->steps + group * VK_PANEL);
            _mm_prefetch((const char *)panel->steps + (group + VK_BLOCK / VK_GROUP) * VK_PANEL,
                         _MM_HINT_T1);
            for (size_t v = 0; v < 4; v++, target += 256) {
                __m512i low, high;
                const uint8_t *nibbles = panel->weights + group * 256 + v * 64;
                _mm_prefetch((const char *)nibbles + NEXT, _MM_HINT_T1);
                bytes_of(nibbles, steps, &low, &high);
                _mm512_store_si512(target, low);
                _mm512_store_si512(target + 128, high);
            }
        } else {
            for (size_t v = 0; v < 8; v++, target += 128) {
                const uint8_t *weights = panel->weights + group * 512 + v * 64;
                _mm_prefetch((const char *)weights + 2 * NEXT, _MM_HINT_T1);
                _mm512_store_si512(target, _mm512_loadu_si512(weights));
            }
        }
    }
}

// A tile of rows by two panels, all of whose sums stay in registers; totals are [rows][32].
INLINE void multiply_tile(const int rows, const uint8_t *bytes, size_t length, vk_tile tile,
                          const __m512 *scales, float *totals) {
    __m512i sums[VK_TILE][2];
    for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm512_set1_epi32(tile.offsets[r]);
    const int8_t *values = tile.values;
    for (size_t k = 0; k < length; k += 4, bytes += 128, values += 4 * rows) {
        const __m512i left = _mm512_load_si512(bytes), right = _mm512_load_si512(bytes + 64);
        for (int r = 0; r < rows; r++) {
            const __m512i value = four(values + 4 * r);
            sums[r][0] = _mm512_dpbusd_epi32(sums[r][0], left, value);
            sums[r][1] = _mm512_dpbusd_epi32(sums[r][1], right, value);
        }
    }
    for (int r = 0; r < rows; r++)
        for (int p = 0; p < 2; p++) {
            float *total = totals + r * 2 * VK_PANEL + p * VK_PANEL;
            const __m512 factor = _mm512_mul_ps(_mm512_set1_ps(tile.scales[r]), scales[p]);
            _mm512_store_ps(total, _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums[r][p]), factor,
                                                   _mm512_load_ps(total)));
        }
}

// Rows that meet an expanded block before the next is expanded. Their sums stand side by side,
// apart from y, whose rows may be so far apart that they drive each other out of the caches.
enum { ROWS_AT_ONCE = 256 };

static void multiply_block(const uint8_t *bytes, size_t block, const vk_panel *panels,
                           const vk_rows *x, size_t first, size_t last, float *totals) {
    const size_t length = vk_block_length(x->inputs, block);
    const __m512 scales[2] = {scales_of(panels[0].scales + block * VK_PANEL * 2),
                              scales_of(panels[1].scales + block * VK_PANEL * 2)};
    for (size_t row = first; row < last; row += VK_TILE, totals += VK_TILE * 2 * VK_PANEL) {
        const size_t rows = last - row < VK_TILE ? last - row : VK_TILE;
        const vk_tile tile = vk_tile_at(x, row, block);
#define TILE(n) multiply_tile(n, bytes, length, tile, scales, totals)
        WITH_CONSTANT(rows, TILE)
    }
}

// Many rows: a block of two panels is expanded once, stays in the first-level cache, and meets all
// rows. A panel alone is multiplied with itself; a mask keeps the second result out.
static void multiply_two(vk_format format, const uint8_t *weights, size_t count, size_t outputs,
                         const vk_rows *x, float *y, size_t stride, int adds) {
    const size_t bytes = count > 1 ? vk_panel_bytes(format, x->inputs) : 0;
    const vk_panel panels[2] = {vk_panel_at(format, weights, x->inputs),
                                vk_panel_at(format, weights + bytes, x->inputs)};
    const __mmask16 masks[2] = {existing(outputs, 0), count > 1 ? existing(outputs, 1) : 0};
    _Alignas(64) uint8_t expanded[VK_BLOCK * VK_PANEL * 2];
    _Alignas(64) float totals[ROWS_AT_ONCE * VK_PANEL * 2];
    for (size_t first = 0; first < x->rows; first += ROWS_AT_ONCE) {
        const size_t left = x->rows - first, rows = left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE;
        memset(totals, 0, rows * VK_PANEL * 2 * sizeof *totals);
        for (size_t block = 0; block < vk_blocks(x->inputs); block++) {
            const size_t length = vk_block_length(x->inputs, block);
            expand(format, &panels[0], block, length, expanded);
            expand(format, &panels[1], block, length, expanded + 64);
            multiply_block(expanded, block, panels, x, first, first + rows, totals);
        }
        for (size_t row = 0; row < rows; row++)
            for (size_t p = 0; p < 2; p++) {
                float *target = y + (first + row) * stride + p * VK_PANEL;
                const __m512 sum = _mm512_load_ps(totals + (row * 2 + p) * VK_PANEL);
                _mm512_mask_storeu_ps(
                    target, masks[p],
                    _mm512_add_ps(sum, _mm512_maskz_loadu_ps(adds ? masks[p] : 0, target)));
            }
    }
}

static void multiply(vk_format format, const uint8_t *weights, size_t panels, size_t outputs,
                     const vk_rows *x, float *y, size_t stride, int adds) {
    // More rows than a tile by nibbles are multiplied with expanded blocks: where weights go through
    // registers, each of their vectors needs every row's values anew, and loads take as long as
    // products.
    if (x->rows <= (format == VK_Q4 ? VK_TILE : 2 * VK_TILE)) {
        vk_avx512_stream(format, weights, panels, outputs, x, y, stride, adds);
        return;
    }
    const size_t bytes = vk_panel_bytes(format, x->inputs);
    for (size_t p = 0; p < panels; p += 2)
        multiply_two(format, weights + p * bytes, panels - p, outputs - p * VK_PANEL, x,
                     y + p * VK_PANEL, stride, adds);
}

const vk_kernels vk_avx512_kernels = {quantise_block, multiply, FEW};
#pragma clang attribute pop
#endif
