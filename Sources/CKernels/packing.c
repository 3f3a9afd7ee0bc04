// Quantises weights and lays them out for the kernels (quantised.h has the layout), and back.
#include <math.h>
#include <string.h>

#include "kernels.h"

// The smallest bfloat16 not below a positive number.
static uint16_t bfloat16_above(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (uint16_t)((bits + 0xffff) >> 16);
}

// The largest magnitude; no number where one of the values is none, or infinite.
static float largest_magnitude(const float *x, size_t count) {
    float best = 0, poison = 0;
    for (size_t i = 0; i < count; i++) {
        const float magnitude = fabsf(x[i]);
        best = magnitude > best ? magnitude : best;
        poison += x[i] * 0;
    }
    return best + poison;
}

// Where the parts of a panel are written.
typedef struct {
    uint8_t *weights, *steps, *scales;
} vk_writable;

// A group's step, zero point and nibbles.
typedef struct {
    int step, zero;
    uint8_t nibbles[VK_GROUP];
    float error;
} grouped;

static void quantise_group(const float *u, int step, int zero, grouped *out) {
    const float inverse = 1.0f / (float)step;
    const int reach = 127 / step;
    const float low = (float)(zero > reach ? -reach : -zero);
    const float high = (float)(15 - zero < reach ? 15 - zero : reach);
    float error = 0;
    for (size_t i = 0; i < VK_GROUP; i++) {
        float level = rintf(u[i] * inverse);
        level = level < low ? low : level;
        level = level > high ? high : level;
        const float off = u[i] - level * (float)step;
        error += off * off;
        out->nibbles[i] = (uint8_t)((int)level + zero);
    }
    out->step = step;
    out->zero = zero;
    out->error = error;
}

static int clamped(float value, int low, int high) {
    const int number = (int)rintf(value);
    return number < low ? low : number > high ? high : number;
}

// Tries steps around the one that just covers the group's range, and the zero points that centre it
// or keep its lower end, and takes what errs least.
static grouped best_group(const float *u) {
    // Zero is always among the levels, so it is always within the range.
    float low = 0, high = 0;
    for (size_t i = 0; i < VK_GROUP; i++) {
        low = u[i] < low ? u[i] : low;
        high = u[i] > high ? u[i] : high;
    }
    const int covering = clamped(ceilf((high - low) / 15), 1, 16);
    grouped best, candidate;
    best.error = INFINITY;
    for (int step = covering > 3 ? covering - 2 : 1; step <= covering + 1 && step <= 16; step++) {
        const int centring = clamped(7.5f - (high + low) / (2 * (float)step), 0, 15);
        const int keeping = clamped(-low / (float)step, 0, 15);
        quantise_group(u, step, centring, &candidate);
        if (candidate.error < best.error) best = candidate;
        if (keeping == centring) continue;
        quantise_group(u, step, keeping, &candidate);
        if (candidate.error < best.error) best = candidate;
    }
    return best;
}

static void pack_q4_group(const float *u, size_t output, uint8_t *nibbles, uint8_t *steps) {
    const grouped group = best_group(u);
    steps[output] = (uint8_t)((group.step - 1) | group.zero << 4);
    for (size_t v = 0; v < 4; v++)
        for (size_t i = 0; i < 4; i++)
            nibbles[v * 64 + output * 4 + i] =
                (uint8_t)(group.nibbles[8 * v + i] | group.nibbles[8 * v + 4 + i] << 4);
}

static void pack_q8_group(const float *u, size_t output, uint8_t *weights) {
    for (size_t i = 0; i < VK_GROUP; i++)
        weights[i / 4 * 64 + output * 4 + i % 4] = (uint8_t)(clamped(u[i], -127, 127) + 128);
}

// Packs up to 256 inputs of an output: x [count], with zeros up to `length`.
static void pack_block(vk_format format, const float *x, size_t count, size_t length, size_t block,
                       size_t output, const vk_writable *panel) {
    const float top = largest_magnitude(x, count);
    // At 4 bits a group that fills the block's range takes the widest step, 16, and its sixteen
    // levels reach from -128 to 112: centred on what 120 stands for.
    const uint16_t bits = bfloat16_above(top / (format == VK_Q4 ? 120 : 127));
    uint8_t *scale = panel->scales + (block * VK_PANEL + output) * 2;
    scale[0] = (uint8_t)bits;
    scale[1] = (uint8_t)(bits >> 8);
    const float value = vk_scale_of(scale), inverse = value > 0 ? 1 / value : 0;
    for (size_t at = 0; at < length; at += VK_GROUP) {
        float u[VK_GROUP];
        for (size_t i = 0; i < VK_GROUP; i++)
            u[i] = inverse > 0 && at + i < count ? x[at + i] * inverse : 0;
        const size_t group = (block * VK_BLOCK + at) / VK_GROUP;
        if (format == VK_Q4)
            pack_q4_group(u, output, panel->weights + group * 256, panel->steps + group * VK_PANEL);
        else
            pack_q8_group(u, output, panel->weights + group * 512);
    }
}

static float weight_at(vk_format format, const vk_panel *panel, size_t output, size_t input) {
    const size_t group = input / VK_GROUP, place = input % VK_GROUP;
    const float scale = vk_scale_of(panel->scales + (input / VK_BLOCK * VK_PANEL + output) * 2);
    if (format == VK_Q8) {
        const uint8_t *weights = panel->weights + group * 512 + place / 4 * 64;
        return scale * (float)(weights[output * 4 + place % 4] - 128);
    }
    const uint8_t step = panel->steps[group * VK_PANEL + output];
    const uint8_t pair = panel->weights[group * 256 + place / 8 * 64 + output * 4 + place % 4];
    const int nibble = place % 8 < 4 ? pair & 15 : pair >> 4;
    return scale * (float)(((step & 15) + 1) * (nibble - (step >> 4)));
}

static vk_writable writable(vk_format format, uint8_t *bytes, size_t inputs) {
    const vk_panel parts = vk_panel_at(format, bytes, inputs);
    return (vk_writable){bytes, bytes + (parts.steps - bytes), bytes + (parts.scales - bytes)};
}

static void pack_row(vk_format format, const float *row, size_t output, size_t inputs,
                     const vk_writable *panel) {
    for (size_t block = 0; block < vk_blocks(inputs); block++) {
        const size_t start = block * VK_BLOCK, left = inputs - start;
        pack_block(format, row + start, left < VK_BLOCK ? left : VK_BLOCK,
                   vk_block_length(inputs, block), block, output, panel);
    }
}

// A row in two planes of 8 bits.
static void pack_planes(const float *row, size_t output, size_t inputs, uint8_t *bytes) {
    const vk_panel coarse = vk_panel_at(VK_Q8, bytes, inputs);
    const vk_writable planes[] = {
        writable(VK_Q8, bytes, inputs),
        writable(VK_Q8, bytes + vk_panel_bytes(VK_Q8, inputs), inputs),
    };
    pack_row(VK_Q8, row, output, inputs, &planes[0]);
    for (size_t block = 0; block < vk_blocks(inputs); block++) {
        const size_t start = block * VK_BLOCK, left = inputs - start;
        const size_t count = left < VK_BLOCK ? left : VK_BLOCK;
        float rest[VK_BLOCK];
        for (size_t i = 0; i < count; i++)
            rest[i] = row[start + i] - weight_at(VK_Q8, &coarse, output, start + i);
        pack_block(VK_Q8, rest, count, vk_block_length(inputs, block), block, output, &planes[1]);
    }
}

void vk_pack_panel(vk_format format, const float *rows, size_t count, size_t inputs,
                   uint8_t *panel) {
    memset(panel, 0, vk_panel_bytes(format, inputs));
    for (size_t output = 0; output < count && output < VK_PANEL; output++) {
        const float *row = rows + output * inputs;
        if (format == VK_Q16) {
            pack_planes(row, output, inputs, panel);
        } else {
            const vk_writable parts = writable(format, panel, inputs);
            pack_row(format, row, output, inputs, &parts);
        }
    }
}

void vk_unpack_panel(vk_format format, const uint8_t *bytes, size_t count, size_t inputs,
                     float *rows) {
    const vk_format plane = format == VK_Q16 ? VK_Q8 : format;
    const vk_panel panel = vk_panel_at(plane, bytes, inputs);
    const vk_panel rest = vk_panel_at(plane, bytes + vk_panel_bytes(plane, inputs), inputs);
    for (size_t output = 0; output < count && output < VK_PANEL; output++)
        for (size_t input = 0; input < inputs; input++) {
            const float more = format == VK_Q16 ? weight_at(plane, &rest, output, input) : 0;
            rows[output * inputs + input] = weight_at(plane, &panel, output, input) + more;
        }
}
