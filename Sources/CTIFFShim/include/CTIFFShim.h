#pragma once
// A face of libtiff that Swift can use: its calls take variable arguments and print errors.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct vignette_tiff vignette_tiff;

/// Opens `count` bytes at `data`, which must stay, at the first page that is a whole picture.
///
/// NULL without memory.
vignette_tiff *vignette_tiff_create(const uint8_t *data, size_t count);
void vignette_tiff_destroy(vignette_tiff *tiff);

/// Whether it is a TIFF with a page of a size.
bool vignette_tiff_size(vignette_tiff *tiff, uint32_t *width, uint32_t *height);

/// Why its pixels are of a kind that cannot be read, such as floating point; NULL if they can.
const char *vignette_tiff_unsupported(vignette_tiff *tiff);

/// Decodes as stored, to width × height pixels of red, green, blue and alpha, premultiplied with it.
///
/// Fails where something is missing or wrong.
bool vignette_tiff_decode(vignette_tiff *tiff, uint32_t *rgba);

/// What libtiff complained of last.
const char *vignette_tiff_message(const vignette_tiff *tiff);
