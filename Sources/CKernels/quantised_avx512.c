// Products with packed weights by AVX-512 with VNNI: a dot product instruction multiplies the 64
// weights of a vector (16 outputs by 4 inputs) with 4 values of a row.
#if defined(__x86_64__)
#pragma clang attribute push(                                                               \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,f16c"))), \
    apply_to = function)
#include <immintrin.h>
#include <string.h>

#include "kernels.h"

#define INLINE static inline __attribute__((always_inline))
// Bytes ahead of a stream of weights that are asked for: far enough that memory answers in time.
enum { AHEAD = 8192 };
// Where the same group of the next block is at 4 bits; it has the time of a whole block to arrive.
enum { NEXT = VK_BLOCK * VK_PANEL / 2 };
// Rows whose products with 4-bit weights are made of the sums of their groups.
enum { FEW = 2 };
// Steps and scales stand behind a panel's weights, too few together for the processor to see a
// stream in them: those of the next panel are asked for while this one is multiplied, and near its
// end the weights that are asked for ahead are the next panel's.

// What to ask for while a group of `size` bytes of weights is multiplied, from its own place.
static inline size_t ahead_of(size_t group, size_t groups, size_t size, size_t next) {
    return (group + AHEAD / size < groups ? 0 : next - groups * size) + AHEAD;
}

static __mmask16 first(size_t count) { return (__mmask16)((1u << count) - 1); }

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

// A q4 group's steps as 16-bit factors, and what to take from the products: s * z - 128.
typedef struct {
    __m512i step, shift;
} grouped;

INLINE grouped group_of(const uint8_t *steps) {
    const __m512i copies = _mm512_set1_epi32(0x00010001);
    const __m512i spread = _mm512_set4_epi32(0x0c0c0c0c, 0x08080808, 0x04040404, 0);
    const __m512i low = _mm512_set1_epi32(0x000f000f);
    const __m512i packed =
        _mm512_shuffle_epi8(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)steps)), spread);
    const __m512i step = _mm512_add_epi16(_mm512_and_si512(packed, low), copies);
    const __m512i zero = _mm512_and_si512(_mm512_srli_epi16(packed, 4), low);
    const __m512i product = _mm512_shuffle_epi8(_mm512_mullo_epi16(step, zero), spread);
    return (grouped){step, _mm512_xor_si512(product, _mm512_set1_epi8((char)0x80))};
}

// The 128 weights of a vector of nibbles as bytes. Two neighbouring nibbles are multiplied by one
// 16-bit product: neither half exceeds 15 * 16 < 256.
INLINE void bytes_of(const uint8_t *nibbles, grouped group, __m512i *low, __m512i *high) {
    const __m512i mask = _mm512_set1_epi8(15);
    const __m512i pairs = _mm512_loadu_si512(nibbles);
    const __m512i first = _mm512_and_si512(pairs, mask);
    const __m512i second = _mm512_and_si512(_mm512_srli_epi16(pairs, 4), mask);
    *low = _mm512_sub_epi8(_mm512_mullo_epi16(first, group.step), group.shift);
    *high = _mm512_sub_epi8(_mm512_mullo_epi16(second, group.step), group.shift);
}

INLINE __m512i four(const int8_t *values) {
    int32_t bits;
    __builtin_memcpy(&bits, values, 4);
    return _mm512_set1_epi32(bits);
}

INLINE __m512 scales_of(const uint8_t *scales) {
    return _mm512_castsi512_ps(
        _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)scales)), 16));
}

// A vector of weights times four values of each row: of `rows` in one tile, of `more` in the next.
INLINE void add_products(const int rows, const int more, __m512i *sums, __m512i weights,
                         const int8_t *values, const int8_t *further) {
    for (int r = 0; r < rows; r++)
        sums[r] = _mm512_dpbusd_epi32(sums[r], weights, four(values + 4 * r));
    for (int r = 0; r < more; r++)
        sums[rows + r] = _mm512_dpbusd_epi32(sums[rows + r], weights, four(further + 4 * r));
}

INLINE void stream_block(vk_format format, const int rows, const int more, const vk_panel *panel,
                         size_t groups, size_t next, size_t first, size_t last,
                         const int8_t *values, const int8_t *further, __m512i *sums) {
    const size_t size = format == VK_Q4 ? 256 : 512;
    for (size_t group = first; group < last; group++) {
        const size_t ahead = ahead_of(group, groups, size, next);
        if (format == VK_Q4) {
            const grouped steps = group_of(panel->steps + group * VK_PANEL);
            _mm_prefetch((const char *)panel->steps + group * VK_PANEL + next, _MM_HINT_T1);
            for (size_t v = 0; v < 4; v++, values += 8 * rows, further += 8 * more) {
                __m512i low, high;
                const uint8_t *nibbles = panel->weights + group * 256 + v * 64;
                _mm_prefetch((const char *)nibbles + ahead, _MM_HINT_T1);
                bytes_of(nibbles, steps, &low, &high);
                add_products(rows, more, sums, low, values, further);
                add_products(rows, more, sums, high, values + 4 * rows, further + 4 * more);
            }
        } else {
            for (size_t v = 0; v < 8; v++, values += 4 * rows, further += 4 * more) {
                const uint8_t *weights = panel->weights + group * 512 + v * 64;
                _mm_prefetch((const char *)weights + ahead, _MM_HINT_T1);
                add_products(rows, more, sums, _mm512_loadu_si512(weights), values, further);
            }
        }
    }
}

// Few rows, one tile or two: weights go from memory through registers, are used once and never
// stored. `old` masks what stands in y already and is added to.
INLINE void stream(vk_format format, const int rows, const int more, const uint8_t *bytes,
                   const vk_rows *x, __mmask16 mask, __mmask16 old, float *y, size_t stride) {
    const vk_panel panel = vk_panel_at(format, bytes, x->inputs);
    const size_t next = vk_panel_bytes(format, x->inputs);
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
        _mm_prefetch((const char *)panel.scales + block * VK_PANEL * 2 + next, _MM_HINT_T1);
        stream_block(format, rows, more, &panel, vk_groups(x->inputs), next, first, last,
                     tiles[0].values, tiles[1].values, sums);
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

// Calls a function whose first count is a constant, so that loops over rows are unrolled and sums
// live in registers.
#define WITH_CONSTANT(count, call) \
    switch (count) {               \
        case 1: call(1); break;    \
        case 2: call(2); break;    \
        case 3: call(3); break;    \
        case 4: call(4); break;    \
        case 5: call(5); break;    \
        case 6: call(6); break;    \
        case 7: call(7); break;    \
        default: call(8); break;   \
    }

static __mmask16 existing(size_t outputs, size_t panel) {
    const size_t before = panel * VK_PANEL;
    if (outputs <= before) return 0;
    return outputs - before < VK_PANEL ? first(outputs - before) : (__mmask16)0xffff;
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
    const size_t next = vk_panel_bytes(VK_Q4, x->inputs), groups = vk_groups(x->inputs);
    const int8_t *values = x->values, *corrections = x->sums;
    __m512 totals[FEW];
    for (int r = 0; r < rows; r++) totals[r] = _mm512_setzero_ps();
    for (size_t block = 0; block < vk_blocks(x->inputs); block++) {
        const size_t first = block * (VK_BLOCK / VK_GROUP);
        const size_t last = first + vk_block_length(x->inputs, block) / VK_GROUP;
        __m512i sums[FEW];
        for (int r = 0; r < rows; r++) sums[r] = _mm512_setzero_si512();
        _mm_prefetch((const char *)panel.scales + block * VK_PANEL * 2 + next, _MM_HINT_T1);
        for (size_t group = first; group < last; group++, corrections += 4 * rows) {
            const size_t ahead = ahead_of(group, groups, 256, next);
            _mm_prefetch((const char *)panel.steps + group * VK_PANEL + next, _MM_HINT_T1);
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
                _mm_prefetch((const char *)nibbles + ahead, _MM_HINT_T1);
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

// The formats apart, so that each is compiled without the other's branches.
#define DEFINE_STREAM(name, format)                                                         \
    static void name(const uint8_t *bytes, const vk_rows *x, __mmask16 mask, __mmask16 old, \
                     float *y, size_t stride) {                                             \
        if (x->rows <= VK_TILE) {                                                           \
            WITH_CONSTANT(x->rows, ONE_TILE_##format)                                       \
        } else {                                                                            \
            WITH_CONSTANT(x->rows - VK_TILE, TWO_TILES_##format)                            \
        }                                                                                   \
    }
#define ONE_TILE_VK_Q4(n) stream(VK_Q4, n, 0, bytes, x, mask, old, y, stride)
#define TWO_TILES_VK_Q4(n) stream(VK_Q4, VK_TILE, n, bytes, x, mask, old, y, stride)
#define ONE_TILE_VK_Q8(n) stream(VK_Q8, n, 0, bytes, x, mask, old, y, stride)
#define TWO_TILES_VK_Q8(n) stream(VK_Q8, VK_TILE, n, bytes, x, mask, old, y, stride)
DEFINE_STREAM(stream_q4, VK_Q4)
DEFINE_STREAM(stream_q8, VK_Q8)

static void stream_few_rows(const uint8_t *bytes, const vk_rows *x, __mmask16 mask, __mmask16 old,
                            float *y, size_t stride) {
    if (x->rows == 1)
        stream_few(1, bytes, x, mask, old, y, stride);
    else
        stream_few(FEW, bytes, x, mask, old, y, stride);
}

typedef void streaming(const uint8_t *, const vk_rows *, __mmask16, __mmask16, float *, size_t);

static void stream_panels(vk_format format, const uint8_t *weights, size_t panels, size_t outputs,
                          const vk_rows *x, float *y, size_t stride, int adds) {
    const size_t bytes = vk_panel_bytes(format, x->inputs);
    const int few = x->rows <= FEW && x->sums;
    streaming *const stream = format == VK_Q8 ? stream_q8 : few ? stream_few_rows : stream_q4;
    for (size_t p = 0; p < panels; p++, weights += bytes, y += VK_PANEL) {
        const __mmask16 mask = existing(outputs, p);
        stream(weights, x, mask, adds ? mask : 0, y, stride);
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
    if (x->rows <= 2 * VK_TILE) {
        stream_panels(format, weights, panels, outputs, x, y, stride, adds);
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
