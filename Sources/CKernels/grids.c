#include "grids.h"

#include <math.h>
#include <string.h>

enum { VK_ALIGNED = 8 };

static void cubic_weights(float t, float *value, float *slope) {
    const float square = t * t, cube = square * t;
    value[0] = 0.5f * (-cube + 2 * square - t);
    value[1] = 0.5f * (3 * cube - 5 * square + 2);
    value[2] = 0.5f * (-3 * cube + 4 * square + t);
    value[3] = 0.5f * (cube - square);
    slope[0] = 0.5f * (-3 * square + 4 * t - 1);
    slope[1] = 0.5f * (9 * square - 10 * t);
    slope[2] = 0.5f * (-9 * square + 8 * t + 1);
    slope[3] = 0.5f * (3 * square - 2 * t);
}

// Any number becomes an index that is within the grid.
static size_t within(float place, size_t edge) {
    const float last = (float)(edge - 1);
    return (size_t)fminf(fmaxf(place, 0), last);
}

static void sample(const float *grid, size_t edge, float x, float y, float *result) {
    const float left = floorf(x), top = floorf(y);
    float across[4], across_slope[4], down[4], down_slope[4];
    cubic_weights(x - left, across, across_slope);
    cubic_weights(y - top, down, down_slope);
    size_t columns[4];
    for (int i = 0; i < 4; i++) columns[i] = within(left - 1 + (float)i, edge);
    float value = 0, right = 0, below = 0;
    for (int i = 0; i < 4; i++) {
        const float *row = grid + within(top - 1 + (float)i, edge) * edge;
        float line = 0, line_slope = 0;
        for (int j = 0; j < 4; j++) {
            line += row[columns[j]] * across[j];
            line_slope += row[columns[j]] * across_slope[j];
        }
        value += line * down[i];
        right += line_slope * down[i];
        below += line * down_slope[i];
    }
    result[0] = value;
    result[1] = right;
    result[2] = below;
}

void vk_sample_grid(const float *grid, size_t edge, const float *places, size_t count, float *samples) {
    for (size_t i = 0; i < count; i++)
        sample(grid, edge, places[2 * i], places[2 * i + 1], samples + 3 * i);
}

void vk_add_equations(const float *rows, const float *values, const float *weights, size_t count,
                      size_t unknowns, float *matrix, float *side) {
    for (size_t i = 0; i < count; i++, rows += unknowns) {
        for (size_t j = 0; j < unknowns; j++) {
            const float scaled = weights[i] * rows[j];
            side[j] += scaled * values[i];
            for (size_t k = 0; k <= j; k++) matrix[j * unknowns + k] += scaled * rows[k];
        }
    }
}

static void add_aligned(const float *row, float value, float weight, float *matrix, float *side) {
    for (int j = 0; j < VK_ALIGNED; j++) {
        const float scaled = weight * row[j];
        side[j] += scaled * value;
        for (int k = 0; k < VK_ALIGNED; k++) matrix[j * VK_ALIGNED + k] += scaled * row[k];
    }
}

void vk_align_grids(const float *first, const float *second, size_t edge, const float *map, float gain,
                    float offset, float ordinary, float *matrix, float *side) {
    memset(matrix, 0, sizeof(float) * VK_ALIGNED * VK_ALIGNED);
    memset(side, 0, sizeof(float) * VK_ALIGNED);
    const float cells = (float)edge;
    for (size_t cell = 0; cell < edge * edge; cell++) {
        const float x = ((float)(cell % edge) + 0.5f) / cells - 0.5f;
        const float y = ((float)(cell / edge) + 0.5f) / cells - 0.5f;
        const float u = map[0] * x + map[1] * y + map[2], v = map[3] * x + map[4] * y + map[5];
        // Written so that what is not a number is left out, too.
        if (!(fabsf(u) <= 0.5f && fabsf(v) <= 0.5f)) continue;
        float there[3];
        sample(first, edge, (u + 0.5f) * cells - 0.5f, (v + 0.5f) * cells - 0.5f, there);
        const float error = second[cell] - gain * there[0] - offset;
        const float right = gain * there[1] * cells, down = gain * there[2] * cells;
        const float row[VK_ALIGNED] = {right * x, right * y, right, down * x, down * y, down, there[0], 1};
        const float relative = error / ordinary;
        add_aligned(row, error, 1 / (1 + relative * relative), matrix, side);
    }
}
