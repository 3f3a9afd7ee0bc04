#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// OpenJPEG reads from a stream, reports through callbacks, and leaves colours to its caller.

/// A JPEG 2000 file in memory.
typedef struct vignette_j2k vignette_j2k;

/// What the channels of a row are.
typedef enum { vignette_j2k_grey, vignette_j2k_rgb, vignette_j2k_cmyk } vignette_j2k_model;

/// Reads the header of a file (JP2) or a bare codestream; the bytes stay where they are meanwhile.
///
/// NULL means that there is no memory. Whether it succeeded, `vignette_j2k_size` says.
vignette_j2k *vignette_j2k_open(const uint8_t *bytes, size_t count, bool is_codestream);
void vignette_j2k_close(vignette_j2k *picture);
/// The picture's edges; false if there is none.
bool vignette_j2k_size(const vignette_j2k *picture, uint32_t *width, uint32_t *height);
/// How often each edge may be halved.
uint32_t vignette_j2k_halvings(const vignette_j2k *picture);
/// Decodes, each edge halved so often; then `vignette_j2k_size` gives the smaller picture's.
bool vignette_j2k_decode(vignette_j2k *picture, uint32_t halvings);
/// What a row consists of, once decoded.
vignette_j2k_model vignette_j2k_channels(const vignette_j2k *picture);
/// The ICC profile; NULL without one.
const uint8_t *vignette_j2k_profile(const vignette_j2k *picture, size_t *count);
/// Fills a row of the decoded picture with 16 bits a channel, transparency laid over white.
void vignette_j2k_row(const vignette_j2k *picture, uint32_t y, uint16_t *row);
/// What OpenJPEG complained of first.
const char *vignette_j2k_message(const vignette_j2k *picture);
