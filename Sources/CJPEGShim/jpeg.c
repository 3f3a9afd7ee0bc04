#include "CJPEGShim.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

// Scans of a progressive picture. Real ones have about ten; each costs a pass over the whole
// picture, so a small file with thousands of empty scans would run for hours.
enum { maximum_scans = 200 };

struct vignette_jpeg {
    struct jpeg_decompress_struct decoder;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf failure;
    char message[JMSG_LENGTH_MAX];
    bool out_of_memory;
    bool data_ended;    // libjpeg ran out of bytes and put an end marker there
    bool rows_missing;  // a marker stood where rows should have been
    bool accepts_end;   // a picture that ends early will do
    // Where the data ended: the row of blocks, in the scan of that number; -1 if it did not.
    int end_row, end_scan;
    bool keeps_inks;
};

static void fail(j_common_ptr common) {
    vignette_jpeg *jpeg = common->client_data;
    jpeg->out_of_memory = common->err->msg_code == JERR_OUT_OF_MEMORY;
    common->err->format_message(common, jpeg->message);
    longjmp(jpeg->failure, 1);
}

// libjpeg fills what is missing with grey and only warns. Which warning came where tells a picture
// with a flaw from a file that was half copied.
static void note(j_common_ptr common, int level) {
    vignette_jpeg *jpeg = common->client_data;
    const struct jpeg_decompress_struct *decoder = &jpeg->decoder;
    if (level >= 0) return;
    if (common->err->msg_code == JWRN_JPEG_EOF) jpeg->data_ended = true;
    if (common->err->msg_code == JWRN_HIT_MARKER) {
        // With restart markers the decoder finds its way back; in the last row the end is near.
        bool last_row = decoder->input_iMCU_row + 1 >= decoder->total_iMCU_rows;
        if (decoder->restart_interval == 0 && !last_row) jpeg->rows_missing = true;
        if (jpeg->data_ended) {
            jpeg->rows_missing = true;
            if (jpeg->end_row < 0) {
                jpeg->end_row = (int)decoder->input_iMCU_row;
                jpeg->end_scan = decoder->input_scan_number;
            }
        }
    }
}

static void be_silent(j_common_ptr common) { (void)common; }

static void watch_scans(j_common_ptr common) {
    vignette_jpeg *jpeg = common->client_data;
    if (jpeg->decoder.input_scan_number > maximum_scans) {
        snprintf(jpeg->message, sizeof jpeg->message, "more than %d scans", maximum_scans);
        longjmp(jpeg->failure, 1);
    }
}

vignette_jpeg *vignette_jpeg_create(void) {
    vignette_jpeg *jpeg = calloc(1, sizeof *jpeg);
    if (!jpeg) return NULL;
    jpeg->decoder.err = jpeg_std_error(&jpeg->errors);
    jpeg->errors.error_exit = fail;
    jpeg->errors.emit_message = note;
    jpeg->errors.output_message = be_silent;
    jpeg->decoder.client_data = jpeg;
    jpeg->end_row = -1;
    if (setjmp(jpeg->failure)) {
        free(jpeg);
        return NULL;
    }
    jpeg_create_decompress(&jpeg->decoder);
    jpeg->progress.progress_monitor = watch_scans;
    jpeg->decoder.progress = &jpeg->progress;
    return jpeg;
}

void vignette_jpeg_destroy(vignette_jpeg *jpeg) {
    jpeg_destroy_decompress(&jpeg->decoder);
    free(jpeg);
}

static void report(const vignette_jpeg *jpeg, vignette_jpeg_size *size) {
    size->width = jpeg->decoder.image_width;
    size->height = jpeg->decoder.image_height;
    size->output_width = jpeg->decoder.output_width;
    size->output_height = jpeg->decoder.output_height;
    size->components = (uint32_t)jpeg->decoder.num_components;
}

bool vignette_jpeg_read_header(
    vignette_jpeg *jpeg, const uint8_t *data, size_t count, vignette_jpeg_size *size) {
    struct jpeg_decompress_struct *decoder = &jpeg->decoder;
    if (setjmp(jpeg->failure)) return false;
    jpeg_mem_src(decoder, data, count);
    jpeg_read_header(decoder, TRUE);
    // libjpeg turns YCCK into CMYK and everything with one or three components into RGB.
    decoder->out_color_space = decoder->num_components == 4 ? JCS_CMYK : JCS_RGB;
    jpeg_calc_output_dimensions(decoder);
    report(jpeg, size);
    return true;
}

bool vignette_jpeg_scale(vignette_jpeg *jpeg, unsigned eighths, vignette_jpeg_size *size) {
    if (setjmp(jpeg->failure)) return false;
    jpeg->decoder.scale_num = eighths;
    jpeg->decoder.scale_denom = 8;
    jpeg_calc_output_dimensions(&jpeg->decoder);
    report(jpeg, size);
    return true;
}

// a × b / 255, rounded.
static unsigned multiply(unsigned a, unsigned b) {
    unsigned product = a * b + 128;
    return (product + (product >> 8)) >> 8;
}

// Every program that writes CMYK into JPEG follows Adobe and stores the inks inverted (0 is full
// ink), so that each channel is the light that its ink lets through.
static void convert_inks(const uint8_t *inks, uint8_t *rgb, size_t width) {
    for (size_t x = 0; x < width; x++, inks += 4, rgb += 3) {
        unsigned light = inks[3];
        for (int channel = 0; channel < 3; channel++) {
            rgb[channel] = light - multiply(255 - inks[channel], light);
        }
    }
}

void vignette_jpeg_keep_inks(vignette_jpeg *jpeg) {
    jpeg->keeps_inks = jpeg->decoder.out_color_space == JCS_CMYK;
}

bool vignette_jpeg_decode(vignette_jpeg *jpeg, uint8_t *rgb, size_t capacity) {
    struct jpeg_decompress_struct *decoder = &jpeg->decoder;
    if (setjmp(jpeg->failure)) return false;
    jpeg_start_decompress(decoder);
    size_t stride = (size_t)decoder->output_width * (jpeg->keeps_inks ? 4 : 3);
    if (stride * decoder->output_height != capacity) {
        snprintf(jpeg->message, sizeof jpeg->message, "the size changed while decoding");
        return false;
    }
    JSAMPARRAY inks = NULL;
    if (decoder->out_color_space == JCS_CMYK && !jpeg->keeps_inks) {
        inks = decoder->mem->alloc_sarray(
            (j_common_ptr)decoder, JPOOL_IMAGE, decoder->output_width * 4, 1);
    }
    while (decoder->output_scanline < decoder->output_height) {
        JSAMPROW row = rgb + stride * decoder->output_scanline;
        if (inks) {
            if (jpeg_read_scanlines(decoder, inks, 1)) {
                convert_inks(inks[0], row, decoder->output_width);
            }
        } else {
            jpeg_read_scanlines(decoder, &row, 1);
        }
    }
    // The later scans of a progressive picture may be missing altogether, without a missing row.
    bool cut_short = jpeg->data_ended && jpeg_has_multiple_scans(decoder);
    const bool ends_early = cut_short || jpeg->end_row >= 0;
    if (jpeg->accepts_end && ends_early) return true;
    if (jpeg->rows_missing || cut_short) {
        snprintf(jpeg->message, sizeof jpeg->message, "part of the picture is missing");
        return false;
    }
    return true;
}

void vignette_jpeg_accept_end(vignette_jpeg *jpeg) { jpeg->accepts_end = true; }

double vignette_jpeg_coverage(const vignette_jpeg *jpeg) {
    // Behind the first scan there is something of every row: a picture without its details.
    if (jpeg->end_row < 0 || jpeg->end_scan > 1) return 1;
    return (double)jpeg->end_row / jpeg->decoder.total_iMCU_rows;
}

bool vignette_jpeg_ends_early(const vignette_jpeg *jpeg) {
    const struct jpeg_decompress_struct *decoder = &jpeg->decoder;
    return jpeg->end_row >= 0
        || (jpeg->data_ended && jpeg_has_multiple_scans((j_decompress_ptr)decoder));
}

const char *vignette_jpeg_message(const vignette_jpeg *jpeg) { return jpeg->message; }

bool vignette_jpeg_out_of_memory(const vignette_jpeg *jpeg) { return jpeg->out_of_memory; }
