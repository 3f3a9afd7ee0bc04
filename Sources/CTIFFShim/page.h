#pragma once
// What the parts of this target share.

#include "CTIFFShim.h"

#include <tiffio.h>

// How the samples of a page are stored.
typedef struct {
    uint32_t width, height;
    uint16_t bits, samples, photometric, format;
    bool is_planar;
    // libtiff makes red, green, blue and alpha of it: YCbCr, logarithms of light, old JPEG.
    bool is_left_to_libtiff;
    // Where alpha stands among the samples; 0 without it, since it is never the first.
    uint16_t alpha;
    bool is_premultiplied;
    // Inks of which 0 is full, and grey of which 0 is white.
    bool is_inverted;
    // How many samples are colour, which stand first.
    uint16_t colours;
    const uint16_t *palette[3];
    // Palettes of careless programs hold 8 bits.
    unsigned palette_gain;
    vignette_tiff_model model;
} vignette_page;

struct vignette_tiff {
    TIFF *file;
    const uint8_t *data;
    size_t count;
    size_t position;
    vignette_page page;
    // The samples as libtiff gives them: rows without padding but to whole bytes, plane after plane;
    // or, left to libtiff, 32 bits a pixel.
    uint8_t *raw;
    size_t row_bytes;
    // A page whose end is missing will do; how many of its rows are there.
    bool accepts_end;
    uint32_t rows;
    // Numbers that become black and white.
    double black, white;
    char message[1024];
};

/// Finds out how the page is stored; a reason if it cannot be read.
const char *vignette_page_read(vignette_tiff *tiff);

/// Numbers of a row's samples, `stride` samples apart from `first` on, scaled so that whole numbers
/// of any size fill 0 to 1; floating point as it is.
void vignette_page_numbers(
    const vignette_page *page, const uint8_t *row, size_t first, size_t stride, size_t count,
    double *numbers);

/// Whole numbers of a row as they are stored; the upper bits of those above 32.
uint32_t vignette_page_integer(const uint8_t *row, size_t index, unsigned bits);

/// Chooses which numbers become black and white.
void vignette_page_choose_range(vignette_tiff *tiff);
