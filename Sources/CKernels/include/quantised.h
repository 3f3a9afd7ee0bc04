#pragma once
// Products with weights packed in 4 or 8 bits. What a packed matrix looks like, layout 1:
//
// Sixteen outputs form a panel; panels follow one another. Inputs are padded with zeros to a
// multiple of 32, a group; eight groups (or what is left of a row) form a block. In a panel stand
//   q4: nibbles   [groups][4][64]  byte 4c+i of vector v: the weights of output c at input
//                                  32g + 8v + i (low half) and 32g + 8v + 4 + i (high half)
//       steps     [groups][16]     (s - 1) | z << 4
//       scales    [blocks][16]     bfloat16
//   q8: weights   [groups][8][64]  byte 4c+i of vector v: output c, input 32g + 4v + i
//       scales    [blocks][16]     bfloat16
//   q16: a q8 panel, and behind it another of what the first leaves over
// and zeros up to a multiple of 64 bytes. A weight is scale * (u - 128) with u its byte; at 4 bits
// u = s * (q - z) + 128 for the nibble q: what the kernels multiply is 8-bit integers in both.
//
// The rows that are multiplied are quantised on the fly, symmetrically, one scale a block. Sums are
// exact 32-bit integers within a block and single precision between blocks, so every instruction
// set computes the same integers. Weights of 16 bits want rows of 16 bits: those quantised, and what
// that leaves over quantised likewise.
#include <stddef.h>
#include <stdint.h>

enum {
    VK_PANEL = 16,   ///< Outputs in a panel.
    VK_GROUP = 32,   ///< Inputs that share a step and a zero point.
    VK_BLOCK = 256,  ///< Inputs that share a scale.
    VK_TILE = 8,     ///< Rows that stand interleaved in `vk_rows`.
};

typedef enum { VK_Q4 = 4, VK_Q8 = 8, VK_Q16 = 16 } vk_format;

/// Rows quantised to 8 bits. Block follows block, and within a block tile follows tile of eight rows
/// (the last may be short), so that what is read together stands together. A tile of r rows has its
/// `values` as [block / 4][r][4], its `scales` and `offsets` as [r].
typedef struct {
    size_t rows;
    size_t inputs;     ///< Before padding.
    int8_t *values;    ///< rows * vk_padded(inputs).
    float *scales;     ///< rows * vk_blocks(inputs).
    int32_t *offsets;  ///< -128 times the sum of a block's values, as many.
    /// Minus the sum of each group's values, as a + 16 (b + c) with a, b, c in 8 bits and a zero
    /// behind them: [block / VK_GROUP][r][4] for a tile. NULL where nobody wants them.
    int8_t *sums;
} vk_rows;

static inline size_t vk_padded(size_t inputs) {
    return (inputs + VK_GROUP - 1) / VK_GROUP * VK_GROUP;
}
static inline size_t vk_blocks(size_t inputs) { return (inputs + VK_BLOCK - 1) / VK_BLOCK; }
static inline size_t vk_groups(size_t inputs) { return vk_padded(inputs) / VK_GROUP; }

/// Bytes of a packed panel.
static inline size_t vk_panel_bytes(vk_format format, size_t inputs) {
    if (format == VK_Q16) return 2 * vk_panel_bytes(VK_Q8, inputs);
    const size_t group = format == VK_Q4 ? 256 + VK_PANEL : 512;
    const size_t bytes = vk_groups(inputs) * group + vk_blocks(inputs) * VK_PANEL * 2;
    return (bytes + 63) / 64 * 64;
}

/// Whether the instruction set in use is quicker with the sums of so many rows.
int vk_wants_sums(size_t rows);

/// Quantises the tiles of eight rows `first..<last` of x [rows, inputs]; `out` has its sizes and
/// memory for all rows.
void vk_quantise_rows(const float *x, size_t first, size_t last, const vk_rows *out);

/// y[r][o] = rows[r] . weights[o], or += where `adds` is not 0, for the outputs of `panels` panels,
/// of which `outputs` exist. y is [rows, stride] and points at the first panel's first output.
void vk_multiply_packed(vk_format format, const uint8_t *weights, size_t panels, size_t outputs,
                        const vk_rows *x, float *y, size_t stride, int adds);

/// What quantising left over of x [rows, inputs], in `rest`.
void vk_rows_rest(const float *x, const vk_rows *quantised, float *rest);

/// As `vk_multiply_packed` with weights of 16 bits; `rest` is the quantised rest of the rows x.
void vk_multiply_planes(const uint8_t *weights, size_t panels, size_t outputs, const vk_rows *x,
                        const vk_rows *rest, float *y, size_t stride, int adds);

/// Packs up to sixteen rows [count, inputs] into one panel.
void vk_pack_panel(vk_format format, const float *rows, size_t count, size_t inputs,
                   uint8_t *panel);
/// The numbers that a panel stands for: [count, inputs].
void vk_unpack_panel(vk_format format, const uint8_t *panel, size_t count, size_t inputs,
                     float *rows);
