#include "page.h"

#include <math.h>
#include <stdlib.h>

// Numbers looked at of a page.
enum { sampled = 1 << 16 };

static int compare(const void *one, const void *other) {
    const double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

// Up to `sampled` finite numbers of the colours, in order.
static size_t sample_numbers(const vignette_tiff *tiff, double *numbers) {
    const vignette_page *page = &tiff->page;
    const size_t rows = page->height < 256 ? page->height : 256;
    const size_t columns = page->width < sampled / 256 ? page->width : sampled / 256;
    size_t count = 0;
    for (size_t row = 0; row < rows; row++) {
        const size_t y = row * page->height / rows;
        for (size_t column = 0; column < columns; column++) {
            const size_t x = column * page->width / columns;
            const size_t colour = (row + column) % page->colours;
            const size_t plane = page->is_planar ? colour : 0;
            const uint8_t *start = tiff->raw + (plane * page->height + y) * tiff->row_bytes;
            const size_t index = page->is_planar ? x : x * page->samples + colour;
            double number;
            vignette_page_numbers(page, start, index, 1, 1, &number);
            // Huge numbers stand for "no data".
            if (isfinite(number) && fabs(number) < 1e30) numbers[count++] = number;
        }
    }
    qsort(numbers, count, sizeof *numbers, compare);
    return count;
}

static size_t count_below(const double *numbers, size_t count, double limit) {
    size_t below = 0;
    while (below < count && numbers[below] < limit) below++;
    return below;
}

// Programs that write 8 bits often say "signed" and mean the opposite, and most readers believe none of
// them. Of the two the smoother picture is meant: read in the other way, shades that are next to each
// other are far apart. Black and white, 0 and 255, would be two shades of grey that nobody can tell apart.
static bool is_smoother_with_sign(const vignette_tiff *tiff) {
    const vignette_page *page = &tiff->page;
    const size_t stride = page->is_planar ? 1 : page->samples;
    uint64_t with = 0, without = 0;
    int lowest = 255, highest = 0;
    for (uint32_t y = 0; y < page->height; y += page->height / 256 + 1) {
        const uint8_t *row = tiff->raw + y * tiff->row_bytes;
        for (uint32_t x = 1; x < page->width; x++) {
            const int one = row[(x - 1) * stride], other = row[x * stride];
            const int shade = other ^ 128;
            lowest = shade < lowest ? shade : lowest;
            highest = shade > highest ? shade : highest;
            without += (uint64_t)abs(one - other);
            with += (uint64_t)abs((one ^ 128) - (other ^ 128));
        }
    }
    return with < without && highest - lowest > 1;
}

// Which range floating-point numbers mean is written nowhere.
static void choose_floating_range(vignette_tiff *tiff, const double *numbers, size_t count) {
    const double low = numbers[count / 1000], high = numbers[count - 1 - count / 1000];
    const size_t negative = count_below(numbers, count, -0.001);
    const size_t within = count_below(numbers, count, 1.001) - negative;
    // Light above white is white, and colours outside of red, green and blue are the nearest inside:
    // what is not within 0 to 1 is a part of most pictures of high dynamic range.
    if (tiff->page.colours == 3 && within >= count / 2) return;
    if (negative <= count / 100) {
        if (within >= count / 10 * 9) return;
        if (high > 128 && high <= 255.5) tiff->white = 255;
        if (high > 32768 && high <= 65535.5) tiff->white = 65535;
        if (tiff->white > 1) return;
    }
    if (high > low) {
        tiff->black = low;
        tiff->white = high;
    }
}

void vignette_page_choose_range(vignette_tiff *tiff) {
    vignette_page *page = &tiff->page;
    const bool is_float = page->format == SAMPLEFORMAT_IEEEFP;
    if (page->format == SAMPLEFORMAT_INT && page->bits == 8 && !is_smoother_with_sign(tiff)) {
        page->format = SAMPLEFORMAT_UINT;
    }
    tiff->black = 0;
    tiff->white = 1;
    const bool is_measured =
        page->model == vignette_tiff_grey || page->photometric == PHOTOMETRIC_RGB;
    if (!is_measured || (!is_float && page->bits < 32)) return;
    double *numbers = malloc(sampled * sizeof *numbers);
    if (!numbers) return;
    const size_t count = sample_numbers(tiff, numbers);
    if (count && is_float) choose_floating_range(tiff, numbers, count);
    if (count && !is_float) {
        // Counters and measurements in 32 bits that use a small part of them would be one colour.
        const double low = numbers[count / 1000], high = numbers[count - 1 - count / 1000];
        if (high > low && high - low < 1.0 / 256) {
            tiff->black = low;
            tiff->white = high;
        }
    }
    free(numbers);
}
