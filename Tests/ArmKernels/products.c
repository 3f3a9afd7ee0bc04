// Products with packed weights against the portable kernel: the same integers, and sums of several
// blocks within what single precision rounds.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"
#include "check.h"

typedef struct {
    size_t rows, inputs, outputs;
} shape;

static const shape shapes[] = {
    {1, 1, 1},     {1, 256, 16},  {1, 257, 33},  {2, 31, 5},    {3, 64, 17},   {4, 96, 16},
    {5, 600, 40},  {6, 224, 7},   {7, 160, 31},  {8, 255, 48},  {9, 32, 16},   {11, 512, 31},
    {13, 288, 50}, {16, 33, 65},  {17, 128, 1},  {24, 1000, 7}, {64, 320, 100}, {261, 290, 20},
};

static vk_rows rows_of(const float *x, size_t rows, size_t inputs) {
    const size_t blocks = rows * vk_blocks(inputs);
    const vk_rows quantised = {.rows = rows,
                               .inputs = inputs,
                               .values = room(rows * vk_padded(inputs)),
                               .scales = room(blocks * sizeof(float)),
                               .offsets = room(blocks * sizeof(int32_t)),
                               .sums = vk_wants_sums(rows) ? room(rows * vk_groups(inputs) * 4)
                                                           : NULL};
    vk_quantise_rows(x, 0, (rows + VK_TILE - 1) / VK_TILE, &quantised);
    return quantised;
}

static void free_rows(vk_rows rows) {
    free(rows.values);
    free(rows.scales);
    free(rows.offsets);
    free(rows.sums);
}

static uint8_t *packed(vk_format format, const float *weights, shape s) {
    const size_t panels = (s.outputs + VK_PANEL - 1) / VK_PANEL;
    const size_t bytes = vk_panel_bytes(format, s.inputs);
    uint8_t *memory = room(panels * bytes);
    for (size_t p = 0; p < panels; p++) {
        const size_t left = s.outputs - p * VK_PANEL;
        vk_pack_panel(format, weights + p * VK_PANEL * s.inputs, left < VK_PANEL ? left : VK_PANEL,
                      s.inputs, memory + p * bytes);
    }
    return memory;
}

// The product at the level in use, added to ones where `adds`.
static float *product(vk_format format, const uint8_t *weights, const float *x, shape s, int adds) {
    const size_t panels = (s.outputs + VK_PANEL - 1) / VK_PANEL;
    float *y = room(s.rows * s.outputs * sizeof *y);
    for (size_t i = 0; i < s.rows * s.outputs; i++) y[i] = 1;
    const vk_rows rows = rows_of(x, s.rows, s.inputs);
    if (format == VK_Q16) {
        float *left = room(s.rows * s.inputs * sizeof *left);
        vk_rows_rest(x, &rows, left);
        const vk_rows rest = rows_of(left, s.rows, s.inputs);
        vk_multiply_planes(weights, panels, s.outputs, &rows, &rest, y, s.outputs, adds);
        free_rows(rest);
        free(left);
    } else {
        vk_multiply_packed(format, weights, panels, s.outputs, &rows, y, s.outputs, adds);
    }
    free_rows(rows);
    return y;
}

static void *portable_rows(const float *x, shape s, vk_rows *out) {
    const vk_level level = vk_current_level();
    vk_force_level(VK_PORTABLE);
    *out = rows_of(x, s.rows, s.inputs);
    vk_force_level(level);
    return out;
}

static void quantises_the_same(const float *x, shape s) {
    vk_rows expected, rows = rows_of(x, s.rows, s.inputs);
    portable_rows(x, s, &expected);
    const size_t blocks = s.rows * vk_blocks(s.inputs);
    check(memcmp(rows.values, expected.values, s.rows * vk_padded(s.inputs)) == 0 &&
              memcmp(rows.scales, expected.scales, blocks * sizeof(float)) == 0 &&
              memcmp(rows.offsets, expected.offsets, blocks * sizeof(int32_t)) == 0,
          "quantised rows, %zu x %zu", s.rows, s.inputs);
    free_rows(rows);
    free_rows(expected);
}

// A block's sum is one integer times two scales, so that any other integer shows.
static void multiplies_the_same(vk_format format, const float *x, const float *weights, shape s,
                                const char *what) {
    uint8_t *bytes = packed(format, weights, s);
    for (int adds = 0; adds < 2; adds++) {
        const vk_level level = vk_current_level();
        float *y = product(format, bytes, x, s, adds);
        vk_force_level(VK_PORTABLE);
        float *expected = product(format, bytes, x, s, adds);
        vk_force_level(level);
        const float bound = s.inputs <= VK_BLOCK && format != VK_Q16
                                ? 4e-7f
                                : 4e-7f * (float)(3 * vk_blocks(s.inputs) + 1);
        float worst = 0, largest = 1;
        for (size_t i = 0; i < s.rows * s.outputs; i++) {
            worst = fmaxf(worst, fabsf(y[i] - expected[i]));
            largest = fmaxf(largest, fabsf(expected[i]));
            if (isnan(y[i])) worst = INFINITY;
        }
        check(worst <= bound * largest, "%s, %d bits, %zu x %zu x %zu, adds %d: off by %g of %g",
              what, format, s.rows, s.inputs, s.outputs, adds, worst, largest);
        free(y);
        free(expected);
    }
    free(bytes);
}

// Sums as large as they can be: nothing saturates.
static void adds_the_largest(vk_format format) {
    const shape s = {6, 512, 6};
    float *x = room(s.rows * s.inputs * sizeof *x);
    for (size_t i = 0; i < s.inputs; i++) {
        const float rows[] = {1, -1, i % 2 ? -1 : 1, i % 64 < 32 ? 1 : -1, i % 64 < 32 ? 1 : 1e-3f,
                              i % 8 < 4 ? 1 : 0};
        for (size_t r = 0; r < s.rows; r++) x[r * s.inputs + i] = rows[r];
    }
    multiplies_the_same(format, x, x, s, "largest numbers");
    free(x);
}

static void keeps_what_is_no_number(float strange) {
    const shape s = {9, 300, 20};
    float *x = any_numbers(s.rows * s.inputs), *weights = any_numbers(s.outputs * s.inputs);
    x[4 * s.inputs + 270] = strange;
    uint8_t *bytes = packed(VK_Q4, weights, s);
    float *y = product(VK_Q4, bytes, x, s, 0);
    int right = 1;
    for (size_t i = 0; i < s.rows * s.outputs; i++)
        right &= (isfinite(y[i]) != 0) == (i / s.outputs != 4);
    check(right, "what is no number (%g) in row 5 of 9", strange);
    free(y);
    free(bytes);
    free(weights);
    free(x);
}

void check_products(void) {
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const shape s = shapes[i];
        float *x = any_numbers(s.rows * s.inputs), *weights = any_numbers(s.outputs * s.inputs);
        quantises_the_same(x, s);
        multiplies_the_same(VK_Q4, x, weights, s, "a product");
        multiplies_the_same(VK_Q8, x, weights, s, "a product");
        multiplies_the_same(VK_Q16, x, weights, s, "a product");
        free(x);
        free(weights);
    }
    adds_the_largest(VK_Q4);
    adds_the_largest(VK_Q8);
    adds_the_largest(VK_Q16);
    keeps_what_is_no_number(NAN);
    keeps_what_is_no_number(INFINITY);
    keeps_what_is_no_number(-INFINITY);
}
