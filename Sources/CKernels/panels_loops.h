#pragma once
// Products with panels of single precision. A part of elements.h, which includes it behind what it
// calls.
#include "panels.h"
#include "row_counts.h"

// A row of a panel; the compiler makes of it what registers the processor has.
typedef float across __attribute__((vector_size(4 * VK_ACROSS)));

// Rows whose sums stay in registers.
#if defined(HAS_MANY_REGISTERS)
enum { ROWS_OF_SUMS = 12 };
#else
enum { ROWS_OF_SUMS = 2 };
#endif

// A few numbers of a key or a value, in single precision.
enum { CONVERTED = 64 };

static inline const float *numbers_of(const vk_segment *segment, const void *rows, size_t row,
                                      size_t first, size_t count, float *singles) {
    const size_t place = row * segment->stride + first;
    if (!segment->half) return (const float *)rows + place;
    f16_to_f32((const char *)rows + 2 * place, singles, count);
    return singles;
}

static void pack_keys(const vk_segment *segments, size_t count, size_t head, size_t width,
                      size_t keys, float *panels) {
    float singles[CONVERTED];
    if (keys % VK_ACROSS)
        memset(panels + keys / VK_ACROSS * width * VK_ACROSS, 0,
               width * VK_ACROSS * sizeof *panels);
    size_t key = 0;
    for (size_t s = 0; s < count; s++)
        for (size_t row = 0; row < segments[s].count && key < keys; row++, key++) {
            float *column = panels + key / VK_ACROSS * width * VK_ACROSS + key % VK_ACROSS;
            for (size_t first = 0; first < width; first += CONVERTED) {
                const size_t some = width - first < CONVERTED ? width - first : CONVERTED;
                const float *x = numbers_of(segments + s, segments[s].keys, row, head + first, some,
                                            singles);
                for (size_t i = 0; i < some; i++) column[(first + i) * VK_ACROSS] = x[i];
            }
        }
}

static void pack_values(const vk_segment *segments, size_t count, size_t head, size_t width,
                        size_t keys, float *panels) {
    float singles[VK_ACROSS];
    size_t key = 0;
    for (size_t s = 0; s < count; s++)
        for (size_t row = 0; row < segments[s].count && key < keys; row++, key++)
            for (size_t first = 0; first < width; first += VK_ACROSS) {
                const size_t some = width - first < VK_ACROSS ? width - first : VK_ACROSS;
                const float *x = numbers_of(segments + s, segments[s].values, row, head + first,
                                            some, singles);
                float *target = panels + first * keys + key * VK_ACROSS;
                memcpy(target, x, some * sizeof *x);
                memset(target + some, 0, (VK_ACROSS - some) * sizeof *target);
            }
}

static inline __attribute__((always_inline)) void multiply_rows(
    const int rows, const float *x, size_t x_stride, size_t depth, const float *panel,
    size_t columns, float *y, size_t y_stride) {
    across sums[ROWS_OF_SUMS];
    for (int r = 0; r < rows; r++) sums[r] = (across){0};
    for (size_t k = 0; k < depth; k++, panel += VK_ACROSS) {
        across numbers;
        memcpy(&numbers, panel, sizeof numbers);
        for (int r = 0; r < rows; r++) sums[r] += x[(size_t)r * x_stride + k] * numbers;
    }
    for (int r = 0; r < rows; r++, y += y_stride) {
        if (columns >= VK_ACROSS)
            memcpy(y, &sums[r], sizeof sums[r]);
        else
            memcpy(y, &sums[r], columns * sizeof *y);
    }
}

static void multiply_panels(const float *x, size_t rows, size_t x_stride, size_t depth,
                            const float *panels, size_t panel_rows, size_t columns, float *y,
                            size_t y_stride) {
    for (size_t first = 0; first < columns; first += VK_ACROSS, panels += panel_rows * VK_ACROSS)
        for (size_t row = 0; row < rows; row += ROWS_OF_SUMS) {
#define MULTIPLY(n)                                                                \
    multiply_rows(n, x + row * x_stride, x_stride, depth, panels, columns - first, \
                  y + row * y_stride + first, y_stride)
#if defined(HAS_MANY_REGISTERS)
            WITH_ROWS(rows - row, MULTIPLY)
#else
            if (rows - row == 1)
                MULTIPLY(1);
            else
                MULTIPLY(2);
#endif
#undef MULTIPLY
        }
}
