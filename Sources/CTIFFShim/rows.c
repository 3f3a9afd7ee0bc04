#include "page.h"

#include <string.h>

static uint16_t wide(double number) {
    // A comparison with what is no number is false, so that it becomes 0.
    return (uint16_t)((number > 0 ? (number < 1 ? number : 1) : 0) * 65535 + 0.5);
}

// Where a colour's samples of a row begin, in samples, and how far they are apart.
static const uint8_t *plane_row(
    const vignette_tiff *tiff, uint32_t y, uint16_t sample, size_t *first, size_t *stride) {
    const vignette_page *page = &tiff->page;
    *first = page->is_planar ? 0 : sample;
    *stride = page->is_planar ? 1 : page->samples;
    const size_t plane = page->is_planar ? sample : 0;
    return tiff->raw + (plane * page->height + y) * tiff->row_bytes;
}

// 16 bits of one sample of each of a row's pixels; what is floating point by the page's range.
static void read_samples(
    const vignette_tiff *tiff, uint32_t y, uint16_t sample, bool is_colour, uint16_t *target,
    size_t target_stride) {
    const vignette_page *page = &tiff->page;
    size_t first, stride;
    const uint8_t *row = plane_row(tiff, y, sample, &first, &stride);
    const bool is_plain = page->format == SAMPLEFORMAT_UINT || page->format == SAMPLEFORMAT_VOID;
    for (uint32_t x = 0; x < page->width; x++, first += stride, target += target_stride) {
        if (is_plain && page->bits == 8) {
            *target = (uint16_t)(row[first] * 257);
        } else if (is_plain && page->bits == 16) {
            memcpy(target, row + first * 2, 2);
        } else {
            double number;
            vignette_page_numbers(page, row, first, 1, 1, &number);
            const bool is_scaled = is_colour && tiff->white > tiff->black;
            *target = wide(
                is_scaled ? (number - tiff->black) / (tiff->white - tiff->black) : number);
        }
    }
}

static void read_palette(const vignette_tiff *tiff, uint32_t y, uint16_t *target) {
    const vignette_page *page = &tiff->page;
    size_t first, stride;
    const uint8_t *row = plane_row(tiff, y, 0, &first, &stride);
    for (uint32_t x = 0; x < page->width; x++, first += stride, target += 3) {
        const uint32_t index = vignette_page_integer(row, first, page->bits);
        for (int channel = 0; channel < 3; channel++) {
            target[channel] = (uint16_t)(page->palette[channel][index] * page->palette_gain);
        }
    }
}

// The three ways in which TIFF stores L*, a* and b* (TIFF 6.0, 23; Adobe's TIFF Technical Notes; ITU-T
// T.42), from numbers that fill 0 to 1 or, with a sign, whose zero is in the middle.
static void read_lab(const vignette_tiff *tiff, uint32_t y, uint16_t *target) {
    const vignette_page *page = &tiff->page;
    vignette_page unsigned_page = *page;
    if (unsigned_page.format == SAMPLEFORMAT_INT) unsigned_page.format = SAMPLEFORMAT_UINT;
    // Of 8 bits the highest number is 127 of 128.
    const double steps = page->bits < 32 ? (double)((1U << page->bits) - 1) : 4294967295.0;
    for (uint16_t channel = 0; channel < 3; channel++) {
        size_t first, stride;
        const uint8_t *row =
            plane_row(tiff, y, channel < page->colours ? channel : 0, &first, &stride);
        for (uint32_t x = 0; x < page->width; x++, first += stride) {
            double number;
            vignette_page_numbers(&unsigned_page, row, first, 1, 1, &number);
            double part = number * steps / (steps + 1);
            if (channel >= page->colours) {
                part = 0.5;
            } else if (page->format == SAMPLEFORMAT_IEEEFP) {
                part = channel ? (number + 128) / 256 : number / 100;
            } else if (page->photometric == PHOTOMETRIC_CIELAB) {
                part = channel ? part + (part < 0.5 ? 0.5 : -0.5) : number;
            } else if (page->photometric == PHOTOMETRIC_ICCLAB) {
                // With 16 bits 100 is 0xFF00.
                if (!channel) part = page->bits == 16 ? number * 65535 / 65280 : number;
            } else {
                const double a = number * 170 - 85, b = number * 200 - 75;
                part = channel ? ((channel == 1 ? a : b) + 128) / 256 : number;
            }
            // a* and b* in steps of 1/256, of which 65,536 are one more than fits.
            target[x * 3 + channel] = wide(channel ? part * 65536 / 65535 : part);
        }
    }
}

static void invert(uint16_t *samples, size_t count) {
    for (size_t index = 0; index < count; index++) samples[index] = 65535 - samples[index];
}

static unsigned channels_of(const vignette_page *page) {
    switch (page->model) {
    case vignette_tiff_grey: return 1;
    case vignette_tiff_cmyk: return 4;
    default: return 3;
    }
}

// What the paper is in a model's samples.
static unsigned white_of(const vignette_page *page, unsigned channel) {
    if (page->model == vignette_tiff_cmyk) return 0;
    return page->model == vignette_tiff_lab && channel ? 32768 : 65535;
}

static void lay_over_white(const vignette_tiff *tiff, uint32_t y, uint16_t *samples) {
    const vignette_page *page = &tiff->page;
    const unsigned channels = channels_of(page);
    uint16_t row[256];
    for (uint32_t start = 0; start < page->width; start += 256) {
        const uint32_t end = start + 256 < page->width ? start + 256 : page->width;
        vignette_tiff part = *tiff;
        size_t first, stride;
        const uint8_t *place = plane_row(&part, y, page->alpha, &first, &stride);
        for (uint32_t x = start; x < end; x++) {
            double number;
            vignette_page_numbers(page, place, first + x * stride, 1, 1, &number);
            row[x - start] = wide(number);
        }
        for (uint32_t x = start; x < end; x++) {
            const uint64_t alpha = row[x - start];
            for (unsigned channel = 0; channel < channels; channel++) {
                uint16_t *sample = samples + x * channels + channel;
                const uint64_t white = (uint64_t)white_of(page, channel) * (65535 - alpha);
                const uint64_t own =
                    page->is_premultiplied ? *sample * 65535ULL : *sample * alpha;
                const uint64_t sum = (own + white + 32767) / 65535;
                *sample = (uint16_t)(sum < 65535 ? sum : 65535);
            }
        }
    }
}

// libtiff's red, green, blue and alpha, 8 bits each, premultiplied.
static void read_converted(const vignette_tiff *tiff, uint32_t y, uint16_t *samples) {
    const uint32_t *row = (const uint32_t *)tiff->raw + (size_t)y * tiff->page.width;
    for (uint32_t x = 0; x < tiff->page.width; x++) {
        const unsigned white = 255 - TIFFGetA(row[x]);
        const unsigned parts[] = {TIFFGetR(row[x]), TIFFGetG(row[x]), TIFFGetB(row[x])};
        for (int channel = 0; channel < 3; channel++) {
            const unsigned sum = parts[channel] + white;
            samples[x * 3 + channel] = (uint16_t)((sum < 255 ? sum : 255) * 257);
        }
    }
}

void vignette_tiff_row(const vignette_tiff *tiff, uint32_t y, uint16_t *samples) {
    const vignette_page *page = &tiff->page;
    if (page->is_left_to_libtiff) {
        read_converted(tiff, y, samples);
        return;
    }
    const unsigned channels = channels_of(page);
    if (page->photometric == PHOTOMETRIC_PALETTE) {
        read_palette(tiff, y, samples);
    } else if (page->model == vignette_tiff_lab) {
        read_lab(tiff, y, samples);
    } else {
        if (page->colours < channels) memset(samples, 0, page->width * channels * sizeof *samples);
        for (uint16_t colour = 0; colour < page->colours; colour++) {
            read_samples(tiff, y, colour, true, samples + colour, channels);
        }
    }
    if (page->is_inverted) invert(samples, (size_t)page->width * channels);
    if (page->alpha) lay_over_white(tiff, y, samples);
}
