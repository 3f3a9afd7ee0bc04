#pragma once
// A face of libtiff that Swift can use: its calls take variable arguments and print errors.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct vignette_tiff vignette_tiff;

/// What the samples of a pixel are, as `vignette_tiff_row` gives them.
typedef enum {
    /// One: 0 is black.
    vignette_tiff_grey,
    /// Three: red, green, blue.
    vignette_tiff_rgb,
    /// Four: cyan, magenta, yellow, black; 0 is no ink.
    vignette_tiff_cmyk,
    /// Three: L* from 0 to 100 in 0 to 65535, a* and b* from -128 in steps of 1/256.
    vignette_tiff_lab,
} vignette_tiff_model;

/// Opens `count` bytes at `data`, which must stay, at the first page that is a whole picture.
///
/// NULL without memory.
vignette_tiff *vignette_tiff_create(const uint8_t *data, size_t count);
void vignette_tiff_destroy(vignette_tiff *tiff);

/// Whether it is a TIFF with a page of a size.
bool vignette_tiff_size(vignette_tiff *tiff, uint32_t *width, uint32_t *height);

/// Why its pixels are of a kind that cannot be read, such as complex numbers; NULL if they can.
///
/// To be asked before anything below.
const char *vignette_tiff_unsupported(vignette_tiff *tiff);

/// What its samples are.
vignette_tiff_model vignette_tiff_samples(const vignette_tiff *tiff);

/// The white that the page's colours are against, as CIE 1931 x and y; whether it names one.
bool vignette_tiff_white(const vignette_tiff *tiff, float *x, float *y);

/// The page's ICC profile; NULL without one.
const uint8_t *vignette_tiff_profile(vignette_tiff *tiff, size_t *count);

/// Lets a page be decoded whose last rows are missing, or cannot be read.
void vignette_tiff_accept_end(vignette_tiff *tiff);

/// Decodes the page, as stored. Fails where something is missing or wrong.
bool vignette_tiff_load(vignette_tiff *tiff);

/// How many rows, from the first on, are there of a page that was loaded.
uint32_t vignette_tiff_rows(const vignette_tiff *tiff);

/// A row of a page that was loaded: for each pixel the samples of its model, 16 bits each, what is
/// transparent laid over white.
///
/// Light and ink fill the 16 bits. Of floating point 0 to 1 does; where few numbers lie there, 0 to 255,
/// 0 to 65535, or the range that nearly all of them have.
void vignette_tiff_row(const vignette_tiff *tiff, uint32_t y, uint16_t *samples);

/// What libtiff complained of last.
const char *vignette_tiff_message(const vignette_tiff *tiff);
