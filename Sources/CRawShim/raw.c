#define _GNU_SOURCE
#include "CRawShim.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libraw/libraw.h>

// Without the callback that prints what is wrong with a file; the name of this flag has changed.
enum { no_messages = 1 << 1 };

struct vignette_raw {
    libraw_data_t *data;
    const uint8_t *bytes;
    size_t count;
    // What was made of the preview, or of the sensor's data.
    libraw_processed_image_t *image;
    int code;
    // Whether LibRaw met the end of the file, or codes that cannot be, and went on with zeros.
    bool is_short, is_broken;
};

// Newer versions say the place in eight bytes, of which the lower four are looked at.
static void note(void *client, const char *file, const int offset) {
    (void)file;
    vignette_raw *raw = client;
    if (offset < 0) raw->is_short = true;
    raw->is_broken = true;
}

static vignette_raw_outcome outcome_of(vignette_raw *raw, int code) {
    raw->code = code;
    switch (code) {
        case LIBRAW_SUCCESS:
            return vignette_raw_fine;
        case LIBRAW_UNSUFFICIENT_MEMORY:
        case ENOMEM:
            return vignette_raw_no_memory;
        case LIBRAW_FILE_UNSUPPORTED:
        case LIBRAW_NO_THUMBNAIL:
        case LIBRAW_UNSUPPORTED_THUMBNAIL:
        case LIBRAW_NOT_IMPLEMENTED:
        case LIBRAW_REQUEST_FOR_NONEXISTENT_IMAGE:
            return vignette_raw_unknown;
        case LIBRAW_IO_ERROR:
            return vignette_raw_cut;
        default:
            return vignette_raw_damaged;
    }
}

static vignette_raw_outcome open_again(vignette_raw *raw) {
    // LibRaw only reads, but does not promise it in its types.
    return outcome_of(raw, libraw_open_buffer(raw->data, (void *)raw->bytes, raw->count));
}

vignette_raw *vignette_raw_open(const uint8_t *bytes, size_t count, vignette_raw_outcome *outcome) {
    vignette_raw *raw = calloc(1, sizeof *raw);
    *outcome = vignette_raw_no_memory;
    if (!raw) return NULL;
    raw->data = libraw_init(no_messages);
    if (!raw->data) {
        free(raw);
        return NULL;
    }
    libraw_set_dataerror_handler(raw->data, (data_callback)note, raw);
    raw->bytes = bytes;
    raw->count = count;
    *outcome = open_again(raw);
    return raw;
}

void vignette_raw_close(vignette_raw *raw) {
    if (!raw) return;
    if (raw->image) libraw_dcraw_clear_mem(raw->image);
    libraw_close(raw->data);
    free(raw);
}

// Most cameras say which of the pixels are the picture, without the sensor's edge, which some
// demosaicing needs.
static void crop(const libraw_image_sizes_t *sizes, vignette_raw_facts *facts) {
#if LIBRAW_MAJOR_VERSION > 0 || LIBRAW_MINOR_VERSION >= 21
    const uint32_t width = sizes->raw_inset_crops[0].cwidth;
    const uint32_t height = sizes->raw_inset_crops[0].cheight;
#else
    const uint32_t width = sizes->raw_inset_crop.cwidth;
    const uint32_t height = sizes->raw_inset_crop.cheight;
#endif
    const bool is_likely = width <= facts->width && width >= facts->width / 10 * 9
        && height <= facts->height && height >= facts->height / 10 * 9;
    if (!is_likely) return;
    facts->width = width;
    facts->height = height;
}

void vignette_raw_describe(vignette_raw *raw, vignette_raw_facts *facts) {
    libraw_data_t *data = raw->data;
    memset(facts, 0, sizeof *facts);
    // Some sensors lie at 45°; what their pictures will measure, LibRaw only says turned.
    libraw_adjust_sizes_info_only(data);
    const bool is_turned = data->sizes.flip & 4;
    facts->width = is_turned ? data->sizes.iheight : data->sizes.iwidth;
    facts->height = is_turned ? data->sizes.iwidth : data->sizes.iheight;
    facts->flip = data->sizes.flip;
    crop(&data->sizes, facts);
    strncpy(facts->maker, data->idata.make, sizeof facts->maker - 1);
    strncpy(facts->model, data->idata.model, sizeof facts->model - 1);
    // LibRaw takes the camera's clock for local time; taken back, what the clock showed is left.
    const time_t taken = data->other.timestamp;
    struct tm local;
    if (taken > 0 && localtime_r(&taken, &local)) {
        strftime(facts->taken, sizeof facts->taken, "%Y:%m:%d %H:%M:%S", &local);
    }
}

static vignette_raw_outcome take(
    vignette_raw *raw, int code, libraw_processed_image_t *image, vignette_raw_picture *picture) {
    if (raw->image) libraw_dcraw_clear_mem(raw->image);
    raw->image = image;
    if (!image) return outcome_of(raw, code ? code : LIBRAW_UNSUPPORTED_THUMBNAIL);
    *picture = (vignette_raw_picture){.bytes = image->data, .count = image->data_size};
    if (image->type == LIBRAW_IMAGE_JPEG) return vignette_raw_fine;
    const size_t expected = (size_t)image->width * image->height * 3;
    if (image->colors != 3 || image->bits != 8 || image->data_size < expected || !expected) {
        return outcome_of(raw, LIBRAW_UNSUPPORTED_THUMBNAIL);
    }
    picture->width = image->width;
    picture->height = image->height;
    return vignette_raw_fine;
}

vignette_raw_outcome vignette_raw_preview(vignette_raw *raw, vignette_raw_picture *picture) {
    int code = libraw_unpack_thumb(raw->data);
    if (code) return outcome_of(raw, code);
    const libraw_thumbnail_t *thumbnail = &raw->data->thumbnail;
    if (thumbnail->tformat == LIBRAW_THUMBNAIL_JPEG) {
        // As it stands in the file: LibRaw would put another EXIF block before it.
        *picture = (vignette_raw_picture){
            .bytes = (const uint8_t *)thumbnail->thumb, .count = thumbnail->tlength};
        return vignette_raw_fine;
    }
    libraw_processed_image_t *image = libraw_dcraw_make_mem_thumb(raw->data, &code);
    return take(raw, code, image, picture);
}

vignette_raw_outcome vignette_raw_develop(vignette_raw *raw, vignette_raw_picture *picture) {
    // A preview that could not be taken out has closed the file.
    const vignette_raw_outcome outcome = open_again(raw);
    if (outcome) return outcome;
    raw->is_short = raw->is_broken = false;
    int code = libraw_unpack(raw->data);
    if (!code && raw->is_short) code = LIBRAW_IO_ERROR;
    if (!code && raw->is_broken) code = LIBRAW_DATA_ERROR;
    if (code) return outcome_of(raw, code);
    libraw_output_params_t *wanted = &raw->data->params;
    wanted->half_size = 1;
    wanted->use_camera_wb = 1;
    wanted->output_color = 1;
    wanted->output_bps = 8;
    // As stored: the orientation is applied with that of all other formats.
    wanted->user_flip = 0;
    code = libraw_dcraw_process(raw->data);
    if (code) return outcome_of(raw, code);
    libraw_processed_image_t *image = libraw_dcraw_make_mem_image(raw->data, &code);
    return take(raw, code, image, picture);
}

const char *vignette_raw_message(const vignette_raw *raw) { return libraw_strerror(raw->code); }

void vignette_raw_use_one_thread(void) {
    // Where LibRaw was built with OpenMP, that is loaded with it; it is not linked by itself.
    void (*set)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
    if (set) set(1);
}
