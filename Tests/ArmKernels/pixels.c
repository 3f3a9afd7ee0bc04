// Pixel loops and grids against their definitions.
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"
#include "check.h"

static uint8_t *any_bytes(size_t count) {
    uint8_t *bytes = room(count);
    for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)(int)(any_number() * 127 + 128);
    return bytes;
}

static void normalises(size_t count) {
    const float mean[] = {0.5f, 0.25f, 0.125f}, deviation[] = {0.5f, 2, 1};
    uint8_t *pixels = any_bytes(3 * count);
    float *planes = room(3 * count * sizeof *planes);
    vk_normalise_rgb(pixels, planes, count, 1.0f / 255, mean, deviation);
    double worst = 0;
    for (size_t i = 0; i < 3 * count; i++) {
        const size_t channel = i / count, pixel = i % count;
        const double value = (pixels[pixel * 3 + channel] / 255.0 - mean[channel]);
        worst = fmax(worst, fabs(planes[i] - value / deviation[channel]));
    }
    check(worst < 1e-6, "%zu normalised pixels: off by %g", count, worst);
    free(pixels), free(planes);
}

// Two pixels become one, and the sums are cut to 0 to 255.
static void resamples(size_t width, size_t rows) {
    const int32_t half = 1 << 21;
    int32_t *starts = room(width * sizeof *starts), *counts = room(width * sizeof *counts);
    int32_t *coefficients = room(2 * width * sizeof *coefficients);
    for (size_t i = 0; i < width; i++) {
        starts[i] = (int32_t)(2 * i);
        counts[i] = 2;
        coefficients[2 * i] = i % 3 ? half : 2 * half;
        coefficients[2 * i + 1] = i % 3 == 2 ? -2 * half : half;
    }
    uint8_t *source = any_bytes(2 * width * 3 * rows), *target = room(width * 3 * rows);
    vk_resample_horizontally(source, 2 * width * 3, target, width, rows, starts, counts,
                             coefficients, 2);
    size_t wrong = 0;
    for (size_t i = 0; i < width * 3 * rows; i++) {
        const size_t row = i / (3 * width), x = i / 3 % width;
        const uint8_t *pixel = source + row * 6 * width + x * 6 + i % 3;
        const int64_t sum = (int64_t)pixel[0] * coefficients[2 * x] +
                            (int64_t)pixel[3] * coefficients[2 * x + 1] + half;
        const int64_t value = sum >> 22;
        wrong += target[i] != (value < 0 ? 0 : value > 255 ? 255 : value);
    }
    check(wrong == 0, "rows of %zu pixels resampled: %zu wrong", width, wrong);
    // The same down the columns: rows of `rows` bytes, 2 * width of them.
    vk_resample_vertically(source, rows, target, width, starts, counts, coefficients, 2);
    wrong = 0;
    for (size_t i = 0; i < width * rows; i++) {
        const size_t y = i / rows;
        const uint8_t *pixel = source + 2 * y * rows + i % rows;
        const int64_t sum = (int64_t)pixel[0] * coefficients[2 * y] +
                            (int64_t)pixel[rows] * coefficients[2 * y + 1] + half;
        const int64_t value = sum >> 22;
        wrong += target[i] != (value < 0 ? 0 : value > 255 ? 255 : value);
    }
    check(wrong == 0, "columns of %zu bytes resampled: %zu wrong", rows, wrong);
    free(starts), free(counts), free(coefficients), free(source), free(target);
}

static void gathers(size_t size, size_t patch) {
    enum { CHANNELS = 3, KERNEL = 3 };
    const size_t grid = size / patch;
    float *planes = any_numbers(CHANNELS * size * size);
    float *rows = room(CHANNELS * size * size * KERNEL * KERNEL * sizeof *rows);
    vk_gather_patches(planes, rows, CHANNELS, size, patch, grid);
    size_t wrong = 0, at = 0;
    for (size_t place = 0; place < grid * grid; place++)
        for (size_t i = 0; i < CHANNELS * patch * patch; i++, at++) {
            const size_t y = place / grid * patch + i / patch % patch;
            const size_t x = place % grid * patch + i % patch;
            wrong += rows[at] != planes[(i / (patch * patch) * size + y) * size + x];
        }
    check(wrong == 0, "patches of %zu: %zu wrong", size, wrong);
    vk_gather_neighbours(planes, rows, CHANNELS, size, KERNEL, 1, 1, size);
    wrong = at = 0;
    for (size_t place = 0; place < size * size; place++)
        for (size_t i = 0; i < CHANNELS * KERNEL * KERNEL; i++, at++) {
            const size_t y = place / size + i / KERNEL % KERNEL - 1;
            const size_t x = place % size + i % KERNEL - 1, channel = i / (KERNEL * KERNEL);
            const float there = y < size && x < size ? planes[(channel * size + y) * size + x] : 0;
            wrong += rows[at] != there;
        }
    check(wrong == 0, "neighbours of %zu: %zu wrong", size, wrong);
    free(planes), free(rows);
}

// A plane's values and slopes are found wherever one looks, but for the border.
static void samples_grids(size_t edge) {
    float *grid = room(edge * edge * sizeof *grid), place[2], found[3];
    for (size_t i = 0; i < edge * edge; i++)
        grid[i] = 0.5f * (float)(i % edge) - 0.25f * (float)(i / edge) + 1;
    double worst = 0;
    for (int i = 0; i < 50; i++) {
        for (int axis = 0; axis < 2; axis++)
            place[axis] = 1 + (any_number() + 1) / 2 * (float)(edge - 3);
        vk_sample_grid(grid, edge, place, 1, found);
        worst = fmax(worst, fabs(found[0] - (0.5 * place[0] - 0.25 * place[1] + 1)));
        worst = fmax(worst, fmax(fabs(found[1] - 0.5), fabs(found[2] + 0.25)));
    }
    check(worst < 1e-6 * (double)edge, "a grid of %zu sampled: off by %g", edge, worst);
    free(grid);
}

// The unknowns that made the values solve the equations.
static void adds_equations(void) {
    enum { COUNT = 20, UNKNOWNS = 3 };
    const float truth[UNKNOWNS] = {2, -1, 0.5f};
    float *rows = any_numbers(COUNT * UNKNOWNS), values[COUNT], weights[COUNT];
    float matrix[UNKNOWNS * UNKNOWNS] = {0}, side[UNKNOWNS] = {0};
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = 0;
        weights[i] = 1 + any_number() / 2;
        for (size_t j = 0; j < UNKNOWNS; j++) values[i] += rows[i * UNKNOWNS + j] * truth[j];
    }
    vk_add_equations(rows, values, weights, COUNT, UNKNOWNS, matrix, side);
    double worst = 0;
    for (size_t i = 0; i < UNKNOWNS; i++) {
        double sum = 0;
        for (size_t j = 0; j < UNKNOWNS; j++)
            sum += (double)truth[j] * (j <= i ? matrix[i * UNKNOWNS + j] : matrix[j * UNKNOWNS + i]);
        worst = fmax(worst, fabs(sum - side[i]));
    }
    check(worst < 1e-4, "equations: off by %g", worst);
    free(rows);
}

void check_pixels(void) {
    const size_t sizes[] = {1, 2, 7, 16, 33, 97, 200};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        normalises(sizes[i]);
        resamples(sizes[i], 3 + i);
        if (sizes[i] > 6) samples_grids(sizes[i]);
    }
    gathers(12, 4);
    gathers(17, 5);
    adds_equations();
}
