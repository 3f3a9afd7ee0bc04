#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// LibRaw's structures differ between its versions, so what is needed of them is gathered here.

/// An open raw file.
typedef struct vignette_raw vignette_raw;

/// Why LibRaw did not do what it was asked for.
typedef enum {
    vignette_raw_fine,
    /// No camera or coding that this LibRaw knows, or no preview.
    vignette_raw_unknown,
    /// The bytes end too soon.
    vignette_raw_cut,
    /// The bytes are wrong.
    vignette_raw_damaged,
    vignette_raw_no_memory,
} vignette_raw_outcome;

/// What a raw file says about itself.
typedef struct {
    /// Pixels that are the picture, as stored.
    uint32_t width, height;
    /// How to turn them: bit 0 mirrors columns, bit 1 rows, bit 2 exchanges the two, in this order.
    int32_t flip;
    /// Maker and model, ending with zero.
    char maker[64], model[64];
    /// What the camera's clock showed, as EXIF writes it; empty if it does not say.
    char taken[20];
} vignette_raw_facts;

/// Pixels or a JPEG, which belong to the open file.
typedef struct {
    const uint8_t *bytes;
    size_t count;
    /// Of pixels, red, green and blue side by side; 0 for a JPEG.
    uint32_t width, height;
} vignette_raw_picture;

/// Opens a file, whose bytes stay where they are as long as it is open.
vignette_raw *vignette_raw_open(const uint8_t *bytes, size_t count, vignette_raw_outcome *outcome);
void vignette_raw_close(vignette_raw *raw);
void vignette_raw_describe(vignette_raw *raw, vignette_raw_facts *facts);
/// The largest preview in it.
vignette_raw_outcome vignette_raw_preview(vignette_raw *raw, vignette_raw_picture *picture);
/// Makes a picture of half the size from what the sensor saw, in sRGB.
vignette_raw_outcome vignette_raw_develop(vignette_raw *raw, vignette_raw_picture *picture);
/// What LibRaw says of the last outcome.
const char *vignette_raw_message(const vignette_raw *raw);
/// Keeps LibRaw's loops on the thread that calls them, before any of them runs.
void vignette_raw_use_one_thread(void);
