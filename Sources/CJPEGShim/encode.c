#include "CJPEGShim.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

struct encoder {
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    jmp_buf failure;
    unsigned char *bytes;
    unsigned long count;
};

static void fail(j_common_ptr common) {
    struct encoder *encoder = common->client_data;
    longjmp(encoder->failure, 1);
}

static void be_silent(j_common_ptr common) { (void)common; }

uint8_t *vignette_jpeg_encode(
    const uint8_t *rgb, uint32_t width, uint32_t height, int quality, size_t *count) {
    struct encoder *encoder = calloc(1, sizeof *encoder);
    if (!encoder) return NULL;
    encoder->jpeg.err = jpeg_std_error(&encoder->errors);
    encoder->errors.error_exit = fail;
    encoder->errors.output_message = be_silent;
    encoder->jpeg.client_data = encoder;
    uint8_t *result = NULL;
    if (!setjmp(encoder->failure)) {
        jpeg_create_compress(&encoder->jpeg);
        jpeg_mem_dest(&encoder->jpeg, &encoder->bytes, &encoder->count);
        encoder->jpeg.image_width = width;
        encoder->jpeg.image_height = height;
        encoder->jpeg.input_components = 3;
        encoder->jpeg.in_color_space = JCS_RGB;
        jpeg_set_defaults(&encoder->jpeg);
        jpeg_set_quality(&encoder->jpeg, quality, TRUE);
        encoder->jpeg.optimize_coding = TRUE;
        jpeg_start_compress(&encoder->jpeg, TRUE);
        while (encoder->jpeg.next_scanline < height) {
            JSAMPROW row = (JSAMPROW)(rgb + (size_t)encoder->jpeg.next_scanline * width * 3);
            jpeg_write_scanlines(&encoder->jpeg, &row, 1);
        }
        jpeg_finish_compress(&encoder->jpeg);
        result = encoder->bytes;
        *count = encoder->count;
    }
    // After a failure libjpeg may have freed what `bytes` points to: it is left alone.
    jpeg_destroy_compress(&encoder->jpeg);
    free(encoder);
    return result;
}
