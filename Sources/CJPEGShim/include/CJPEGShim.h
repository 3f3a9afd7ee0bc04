#pragma once
// A face of libjpeg that Swift can use.
//
// libjpeg reports errors by calling a function that must not return, which means longjmp, and a
// longjmp may not cross Swift frames. It therefore starts and ends within this target: every
// function here returns, with the error as a value. The same holds for libjpeg's structures, whose
// macros and bit fields Swift does not import well.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct vignette_jpeg vignette_jpeg;

/// What the header says and what is asked of the decoder.
typedef struct {
    /// Edges of the picture as stored.
    uint32_t width, height;
    /// Edges of the picture as it will come, after `vignette_jpeg_scale`.
    uint32_t output_width, output_height;
    /// Channels of a pixel as stored: 1 is grey, 4 are inks.
    uint32_t components;
} vignette_jpeg_size;

/// A decoder; NULL without memory.
vignette_jpeg *vignette_jpeg_create(void);
void vignette_jpeg_destroy(vignette_jpeg *jpeg);

/// Reads the header of `count` bytes at `data`, which must stay until the decoder is destroyed.
bool vignette_jpeg_read_header(
    vignette_jpeg *jpeg, const uint8_t *data, size_t count, vignette_jpeg_size *size);

/// Chooses to decode at `eighths`/8 of the size, 1 to 8, and says what comes of it.
bool vignette_jpeg_scale(vignette_jpeg *jpeg, unsigned eighths, vignette_jpeg_size *size);

/// Wants the four inks of a pixel rather than red, green and blue; each 0 where it is full.
void vignette_jpeg_keep_inks(vignette_jpeg *jpeg);

/// Decodes to 8-bit RGB without padding; `capacity` is output_width × output_height × 3, or × 4
/// for inks.
///
/// Fails on a picture that is not all there: rows are missing, or the data ends early and that was not
/// accepted. What is missing at the end is grey.
bool vignette_jpeg_decode(vignette_jpeg *jpeg, uint8_t *rgb, size_t capacity);

/// Takes a picture whose data ends early for one.
void vignette_jpeg_accept_end(vignette_jpeg *jpeg);
/// Whether the data of the picture that was decoded ended early.
bool vignette_jpeg_ends_early(const vignette_jpeg *jpeg);
/// The part of its rows that is there, 0 to 1, be it without its details.
double vignette_jpeg_coverage(const vignette_jpeg *jpeg);

/// Why the last call failed.
const char *vignette_jpeg_message(const vignette_jpeg *jpeg);
/// Whether it failed for want of memory, which is no fault of the picture.
bool vignette_jpeg_out_of_memory(const vignette_jpeg *jpeg);

/// Encodes a picture of 8-bit RGB without padding as a whole JPEG file, quality 1 to 100.
///
/// The caller frees what is returned; NULL where it fails, for want of memory or for an edge above 65,500.
uint8_t *vignette_jpeg_encode(
    const uint8_t *rgb, uint32_t width, uint32_t height, int quality, size_t *count);
