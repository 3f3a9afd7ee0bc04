#include "page.h"

#include <stdio.h>

// More samples than any picture has: of many colours and masks.
enum { maximum_samples = 64 };

static const char *refuse(vignette_tiff *tiff, const char *what, unsigned number) {
    snprintf(tiff->message, sizeof tiff->message, "%s %u", what, number);
    return tiff->message;
}

// How many of the samples are colour, and what they become.
static bool set_model(vignette_tiff *tiff, uint16_t photometric) {
    vignette_page *page = &tiff->page;
    page->is_inverted = photometric == PHOTOMETRIC_MINISWHITE;
    switch (photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
        page->colours = 1;
        page->model = vignette_tiff_grey;
        return true;
    case PHOTOMETRIC_PALETTE:
        page->colours = 1;
        page->model = vignette_tiff_rgb;
        return true;
    case PHOTOMETRIC_RGB:
        page->colours = 3;
        page->model = vignette_tiff_rgb;
        return page->samples >= 3;
    case PHOTOMETRIC_SEPARATED:
        page->colours = page->samples < 4 ? 3 : 4;
        page->model = vignette_tiff_cmyk;
        return page->samples >= 3;
    case PHOTOMETRIC_CIELAB:
    case PHOTOMETRIC_ICCLAB:
    case PHOTOMETRIC_ITULAB:
        // L* alone is grey that eyes see in even steps.
        page->colours = page->samples < 3 ? 1 : 3;
        page->model = vignette_tiff_lab;
        return true;
    default:
        page->is_left_to_libtiff = true;
        page->model = vignette_tiff_rgb;
        return true;
    }
}

static bool set_palette(vignette_tiff *tiff) {
    vignette_page *page = &tiff->page;
    uint16_t *red, *green, *blue;
    if (page->bits > 16 || !TIFFGetField(tiff->file, TIFFTAG_COLORMAP, &red, &green, &blue)) {
        return false;
    }
    page->palette[0] = red;
    page->palette[1] = green;
    page->palette[2] = blue;
    page->palette_gain = 257;
    for (size_t index = 0; index < (size_t)1 << page->bits; index++) {
        if (red[index] > 255 || green[index] > 255 || blue[index] > 255) page->palette_gain = 1;
    }
    return true;
}

static void set_alpha(vignette_tiff *tiff) {
    vignette_page *page = &tiff->page;
    uint16_t count = 0, *kinds = NULL;
    if (!TIFFGetField(tiff->file, TIFFTAG_EXTRASAMPLES, &count, &kinds)) {
        // A fourth sample that nothing explains is taken for alpha by everybody.
        if (page->photometric == PHOTOMETRIC_RGB && page->samples == 4) page->alpha = 3;
        return;
    }
    for (uint16_t index = 0; index < count && !page->alpha; index++) {
        if (kinds[index] == EXTRASAMPLE_UNSPECIFIED) continue;
        if (page->samples - count + index < page->colours) continue;
        page->alpha = (uint16_t)(page->samples - count + index);
        page->is_premultiplied = kinds[index] == EXTRASAMPLE_ASSOCALPHA;
    }
}

static uint16_t guess_photometric(TIFF *file, uint16_t samples) {
    uint16_t compression = COMPRESSION_NONE;
    TIFFGetFieldDefaulted(file, TIFFTAG_COMPRESSION, &compression);
    if (samples >= 3) return PHOTOMETRIC_RGB;
    const bool is_fax = compression == COMPRESSION_CCITTRLE || compression == COMPRESSION_CCITTRLEW
        || compression == COMPRESSION_CCITTFAX3 || compression == COMPRESSION_CCITTFAX4;
    return is_fax ? PHOTOMETRIC_MINISWHITE : PHOTOMETRIC_MINISBLACK;
}

static bool is_readable(const vignette_page *page) {
    const bool is_float = page->format == SAMPLEFORMAT_IEEEFP;
    const unsigned bits = page->bits;
    if (is_float) return bits == 16 || bits == 24 || bits == 32 || bits == 64;
    return bits >= 1 && (bits <= 32 || bits == 64);
}

const char *vignette_page_read(vignette_tiff *tiff) {
    vignette_page *page = &tiff->page;
    TIFF *file = tiff->file;
    uint16_t planar = PLANARCONFIG_CONTIG, compression = COMPRESSION_NONE, inks = INKSET_CMYK;
    page->bits = 1;
    page->samples = 1;
    page->format = SAMPLEFORMAT_UINT;
    TIFFGetField(file, TIFFTAG_IMAGEWIDTH, &page->width);
    TIFFGetField(file, TIFFTAG_IMAGELENGTH, &page->height);
    TIFFGetFieldDefaulted(file, TIFFTAG_BITSPERSAMPLE, &page->bits);
    TIFFGetFieldDefaulted(file, TIFFTAG_SAMPLESPERPIXEL, &page->samples);
    TIFFGetFieldDefaulted(file, TIFFTAG_SAMPLEFORMAT, &page->format);
    TIFFGetFieldDefaulted(file, TIFFTAG_PLANARCONFIG, &planar);
    TIFFGetFieldDefaulted(file, TIFFTAG_COMPRESSION, &compression);
    page->is_planar = planar == PLANARCONFIG_SEPARATE && page->samples > 1;
    if (!TIFFIsCODECConfigured(compression)) return refuse(tiff, "compression", compression);
    if (!page->samples || page->samples > maximum_samples) {
        return refuse(tiff, "samples a pixel:", page->samples);
    }
    if (!TIFFGetField(file, TIFFTAG_PHOTOMETRIC, &page->photometric)) {
        page->photometric = guess_photometric(file, page->samples);
    }
    if (!set_model(tiff, page->photometric)) {
        return refuse(tiff, "too few samples for colours of kind", page->photometric);
    }
    if (compression == COMPRESSION_OJPEG) {
        page->is_left_to_libtiff = true;
        page->model = vignette_tiff_rgb;
    }
    if (page->is_left_to_libtiff) {
        // libtiff says whole sentences, which begin with an apology.
        return TIFFRGBAImageOK(file, tiff->message) ? NULL : tiff->message;
    }
    if (page->format > SAMPLEFORMAT_VOID) return "samples that are complex numbers";
    if (!is_readable(page)) return refuse(tiff, "bits a sample:", page->bits);
    if (page->photometric == PHOTOMETRIC_PALETTE && !set_palette(tiff)) return "no palette";
    if (page->photometric == PHOTOMETRIC_SEPARATED) {
        TIFFGetFieldDefaulted(file, TIFFTAG_INKSET, &inks);
        if (inks != INKSET_CMYK && page->samples > 4) return "inks other than CMYK";
        uint16_t none = 0, full = 0;
        if (TIFFGetField(file, TIFFTAG_DOTRANGE, &none, &full)) page->is_inverted = none > full;
    }
    set_alpha(tiff);
    return NULL;
}
