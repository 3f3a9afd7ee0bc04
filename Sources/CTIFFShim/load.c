#include "page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Bytes of samples above which a page is refused, of what a decoder may use.
static const size_t maximum_bytes = (size_t)5 << 29;

static bool fail(vignette_tiff *tiff, const char *message) {
    if (!tiff->message[0]) snprintf(tiff->message, sizeof tiff->message, "%s", message);
    return false;
}

static bool load_converted(vignette_tiff *tiff) {
    TIFFRGBAImage image;
    if (!TIFFRGBAImageBegin(&image, tiff->file, 1, tiff->message)) return false;
    // As stored: the orientation is applied with that of all other formats.
    image.orientation = image.req_orientation = ORIENTATION_TOPLEFT;
    const bool succeeded =
        TIFFRGBAImageGet(&image, (uint32_t *)tiff->raw, image.width, image.height);
    TIFFRGBAImageEnd(&image);
    // With a missing strip libtiff complains and goes on.
    return succeeded && !tiff->message[0];
}

// Notes that no row from `row` on is there, if that will do.
static bool ends_before(vignette_tiff *tiff, uint32_t row) {
    if (!tiff->accepts_end) return false;
    if (row < tiff->rows) tiff->rows = row;
    tiff->message[0] = 0;
    return true;
}

// Row by row, up to the first that cannot be read: what is asked for in larger pieces is there or not.
static bool load_rows(vignette_tiff *tiff, uint16_t plane, uint8_t *target) {
    for (uint32_t y = 0; y < tiff->page.height; y++) {
        uint8_t *row = target + y * tiff->row_bytes;
        if (TIFFReadScanline(tiff->file, row, y, plane) < 0) return ends_before(tiff, y);
    }
    return true;
}

static bool load_strips(vignette_tiff *tiff, uint16_t plane, uint8_t *target) {
    const vignette_page *page = &tiff->page;
    uint32_t rows = page->height;
    if (tiff->accepts_end) return load_rows(tiff, plane, target);
    TIFFGetFieldDefaulted(tiff->file, TIFFTAG_ROWSPERSTRIP, &rows);
    if (!rows) return fail(tiff, "strips without rows");
    for (uint32_t y = 0; y < page->height; y += rows) {
        const uint32_t left = page->height - y;
        const size_t wanted = (rows < left ? rows : left) * tiff->row_bytes;
        const tmsize_t got = TIFFReadEncodedStrip(
            tiff->file, TIFFComputeStrip(tiff->file, y, plane), target + y * tiff->row_bytes,
            (tmsize_t)wanted);
        if (got < 0 || (size_t)got < wanted) return fail(tiff, "part of a strip is missing");
        // Beyond the last row, or after as many rows as fit into a number.
        if (left <= rows) break;
    }
    return true;
}

static bool load_tiles(vignette_tiff *tiff, uint16_t plane, uint8_t *target) {
    const vignette_page *page = &tiff->page;
    uint32_t width = 0, height = 0;
    TIFFGetField(tiff->file, TIFFTAG_TILEWIDTH, &width);
    TIFFGetField(tiff->file, TIFFTAG_TILELENGTH, &height);
    const size_t pixel = (size_t)page->bits * (page->is_planar ? 1 : page->samples);
    const tmsize_t size = TIFFTileSize(tiff->file), row_size = TIFFTileRowSize(tiff->file);
    // Sixteen divides a tile's edge, so that its rows begin with a byte.
    if (!width || !height || width * pixel % 8 || size <= 0 || (size_t)size > maximum_bytes
        || row_size <= 0 || (size_t)row_size != width * pixel / 8) {
        return fail(tiff, "tiles of a wrong size");
    }
    uint8_t *tile = malloc((size_t)size);
    if (!tile) return fail(tiff, "no memory for a tile");
    bool succeeded = true;
    for (uint32_t y = 0; y < page->height && succeeded; y += height) {
        for (uint32_t x = 0; x < page->width && succeeded; x += width) {
            const uint32_t number = TIFFComputeTile(tiff->file, x, y, 0, plane);
            succeeded = TIFFReadEncodedTile(tiff->file, number, tile, size) == size;
            if (!succeeded && ends_before(tiff, y)) {
                free(tile);
                return true;
            }
            const size_t offset = x * pixel / 8;
            const size_t rest = tiff->row_bytes - offset;
            const size_t bytes = rest < (size_t)row_size ? rest : (size_t)row_size;
            for (uint32_t row = 0; row < height && row < page->height - y; row++) {
                memcpy(
                    target + (y + row) * tiff->row_bytes + offset, tile + row * (size_t)row_size,
                    bytes);
            }
        }
    }
    free(tile);
    return succeeded || fail(tiff, "part of a tile is missing");
}

bool vignette_tiff_load(vignette_tiff *tiff) {
    const vignette_page *page = &tiff->page;
    const bool is_converted = page->is_left_to_libtiff;
    tiff->message[0] = 0;
    tiff->rows = page->height;
    const size_t row_samples = (size_t)page->width * (page->is_planar ? 1 : page->samples);
    tiff->row_bytes =
        is_converted ? (size_t)page->width * 4 : (row_samples * page->bits + 7) / 8;
    // Of planes only those that are seen.
    const uint16_t last = page->alpha ? page->alpha : page->colours - 1;
    const uint16_t planes = is_converted || !page->is_planar ? 1 : last + 1;
    const size_t plane_bytes = tiff->row_bytes * page->height;
    if (plane_bytes > maximum_bytes / planes) return fail(tiff, "too many samples");
    free(tiff->raw);
    tiff->raw = calloc(planes, plane_bytes);
    if (!tiff->raw) return fail(tiff, "no memory for the samples");
    if (is_converted) return load_converted(tiff);
    if (!TIFFIsTiled(tiff->file) && (size_t)TIFFScanlineSize(tiff->file) != tiff->row_bytes) {
        return fail(tiff, "rows of a wrong size");
    }
    for (uint16_t plane = 0; plane < planes; plane++) {
        uint8_t *target = tiff->raw + plane * plane_bytes;
        const bool succeeded = TIFFIsTiled(tiff->file)
            ? load_tiles(tiff, plane, target) : load_strips(tiff, plane, target);
        if (!succeeded) return false;
    }
    vignette_page_choose_range(tiff);
    return !tiff->message[0];
}
