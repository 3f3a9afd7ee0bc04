#include "page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Pages looked through for one that is no thumbnail.
enum { maximum_pages = 16 };

static void complain(
    thandle_t handle, const char *module, const char *format, va_list arguments) {
    (void)module;
    vignette_tiff *tiff = handle;
    // The first complaint is the cause, later ones follow from it.
    if (tiff && !tiff->message[0]) {
        vsnprintf(tiff->message, sizeof tiff->message, format, arguments);
    }
}

static tmsize_t read_bytes(thandle_t handle, void *target, tmsize_t count) {
    vignette_tiff *tiff = handle;
    if (count < 0 || tiff->position >= tiff->count) return 0;
    const size_t rest = tiff->count - tiff->position;
    const size_t taken = (size_t)count < rest ? (size_t)count : rest;
    memcpy(target, tiff->data + tiff->position, taken);
    tiff->position += taken;
    return (tmsize_t)taken;
}

static tmsize_t write_nothing(thandle_t handle, void *source, tmsize_t count) {
    (void)handle, (void)source, (void)count;
    return 0;
}

static toff_t seek(thandle_t handle, toff_t offset, int whence) {
    vignette_tiff *tiff = handle;
    if (whence == SEEK_CUR) offset += tiff->position;
    if (whence == SEEK_END) offset += tiff->count;
    tiff->position = (size_t)offset;
    return offset;
}

static int do_nothing(thandle_t handle) {
    (void)handle;
    return 0;
}

static toff_t size_of(thandle_t handle) { return ((vignette_tiff *)handle)->count; }

// Cameras and scanners put a small copy in front; it says so (NewSubfileType, bit 0).
static void go_to_whole_page(TIFF *file) {
    for (int page = 0; page < maximum_pages; page++) {
        uint32_t type = 0;
        TIFFGetFieldDefaulted(file, TIFFTAG_SUBFILETYPE, &type);
        uint16_t old = 0;
        const bool is_small =
            (type & FILETYPE_REDUCEDIMAGE)
            || (TIFFGetField(file, TIFFTAG_OSUBFILETYPE, &old) && old == OFILETYPE_REDUCEDIMAGE);
        if (!is_small) return;
        if (!TIFFReadDirectory(file)) break;
    }
    TIFFSetDirectory(file, 0);
}

vignette_tiff *vignette_tiff_create(const uint8_t *data, size_t count) {
    vignette_tiff *tiff = calloc(1, sizeof *tiff);
    if (!tiff) return NULL;
    tiff->data = data;
    tiff->count = count;
    TIFFSetErrorHandler(NULL);
    TIFFSetWarningHandler(NULL);
    TIFFSetErrorHandlerExt(complain);
    tiff->file = TIFFClientOpen(
        "", "rm", tiff, read_bytes, write_nothing, seek, do_nothing, size_of, NULL, NULL);
    if (tiff->file) go_to_whole_page(tiff->file);
    return tiff;
}

void vignette_tiff_destroy(vignette_tiff *tiff) {
    if (tiff->file) TIFFClose(tiff->file);
    free(tiff->raw);
    free(tiff);
}

bool vignette_tiff_size(vignette_tiff *tiff, uint32_t *width, uint32_t *height) {
    return tiff->file && TIFFGetField(tiff->file, TIFFTAG_IMAGEWIDTH, width)
        && TIFFGetField(tiff->file, TIFFTAG_IMAGELENGTH, height);
}

const char *vignette_tiff_unsupported(vignette_tiff *tiff) { return vignette_page_read(tiff); }

void vignette_tiff_accept_end(vignette_tiff *tiff) { tiff->accepts_end = true; }

uint32_t vignette_tiff_rows(const vignette_tiff *tiff) { return tiff->rows; }

vignette_tiff_model vignette_tiff_samples(const vignette_tiff *tiff) { return tiff->page.model; }

bool vignette_tiff_white(const vignette_tiff *tiff, float *x, float *y) {
    const float *white = NULL;
    if (!TIFFGetField(tiff->file, TIFFTAG_WHITEPOINT, &white) || !white) return false;
    *x = white[0];
    *y = white[1];
    return true;
}

const uint8_t *vignette_tiff_profile(vignette_tiff *tiff, size_t *count) {
    uint32_t size = 0;
    const uint8_t *profile = NULL;
    if (!TIFFGetField(tiff->file, TIFFTAG_ICCPROFILE, &size, &profile)) return NULL;
    *count = size;
    return profile;
}

const char *vignette_tiff_message(const vignette_tiff *tiff) { return tiff->message; }
