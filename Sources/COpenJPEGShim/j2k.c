#include "COpenJPEGShim.h"

#include <stdlib.h>
#include <string.h>

#include <openjpeg.h>

enum { maximum_channels = 5 };

struct vignette_j2k {
    opj_codec_t *codec;
    opj_stream_t *stream;
    opj_image_t *image;
    const uint8_t *bytes;
    size_t count, position;
    char message[256];
    // After decoding: the components that are colours, and the one that is opacity, -1 without.
    int colours, opacity;
    bool is_ycc;
};

static void complain(const char *message, void *client) {
    vignette_j2k *picture = client;
    // The first complaint is the cause, later ones follow from it.
    if (picture->message[0]) return;
    strncpy(picture->message, message, sizeof picture->message - 1);
    picture->message[strcspn(picture->message, "\n")] = 0;
}

static void pass_over(const char *message, void *client) { (void)message, (void)client; }

static OPJ_SIZE_T read_bytes(void *target, OPJ_SIZE_T count, void *client) {
    vignette_j2k *picture = client;
    const size_t rest = picture->count - picture->position;
    if (!rest) return (OPJ_SIZE_T)-1;
    const size_t taken = count < rest ? count : rest;
    memcpy(target, picture->bytes + picture->position, taken);
    picture->position += taken;
    return taken;
}

static OPJ_OFF_T skip_bytes(OPJ_OFF_T count, void *client) {
    vignette_j2k *picture = client;
    const size_t rest = picture->count - picture->position;
    if (count < 0) return -1;
    const size_t taken = (size_t)count < rest ? (size_t)count : rest;
    picture->position += taken;
    return taken || !count ? (OPJ_OFF_T)taken : -1;
}

static OPJ_BOOL seek_byte(OPJ_OFF_T place, void *client) {
    vignette_j2k *picture = client;
    if (place < 0 || (size_t)place > picture->count) return OPJ_FALSE;
    picture->position = (size_t)place;
    return OPJ_TRUE;
}

static bool start(vignette_j2k *picture, bool is_codestream) {
    picture->codec = opj_create_decompress(is_codestream ? OPJ_CODEC_J2K : OPJ_CODEC_JP2);
    picture->stream = opj_stream_create(1 << 16, OPJ_TRUE);
    if (!picture->codec || !picture->stream) return false;
    opj_set_error_handler(picture->codec, complain, picture);
    opj_set_warning_handler(picture->codec, pass_over, picture);
    opj_set_info_handler(picture->codec, pass_over, picture);
    opj_stream_set_user_data(picture->stream, picture, NULL);
    opj_stream_set_user_data_length(picture->stream, picture->count);
    opj_stream_set_read_function(picture->stream, read_bytes);
    opj_stream_set_skip_function(picture->stream, skip_bytes);
    opj_stream_set_seek_function(picture->stream, seek_byte);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    return opj_setup_decoder(picture->codec, &parameters);
}

vignette_j2k *vignette_j2k_open(const uint8_t *bytes, size_t count, bool is_codestream) {
    vignette_j2k *picture = calloc(1, sizeof *picture);
    if (!picture) return NULL;
    picture->bytes = bytes;
    picture->count = count;
    picture->opacity = -1;
    if (!start(picture, is_codestream)) {
        vignette_j2k_close(picture);
        return NULL;
    }
    if (!opj_read_header(picture->stream, picture->codec, &picture->image)) {
        opj_image_destroy(picture->image);
        picture->image = NULL;
    }
    return picture;
}

void vignette_j2k_close(vignette_j2k *picture) {
    if (!picture) return;
    opj_image_destroy(picture->image);
    opj_stream_destroy(picture->stream);
    opj_destroy_codec(picture->codec);
    free(picture);
}

bool vignette_j2k_size(const vignette_j2k *picture, uint32_t *width, uint32_t *height) {
    const opj_image_t *image = picture->image;
    if (!image || !image->numcomps || image->x1 <= image->x0 || image->y1 <= image->y0) {
        return false;
    }
    const uint32_t factor = image->comps[0].factor;
    const uint64_t round = (1ull << factor) - 1;
    *width = (uint32_t)(((uint64_t)image->x1 - image->x0 + round) >> factor);
    *height = (uint32_t)(((uint64_t)image->y1 - image->y0 + round) >> factor);
    return true;
}

uint32_t vignette_j2k_halvings(const vignette_j2k *picture) {
    opj_codestream_info_v2_t *information = opj_get_cstr_info(picture->codec);
    uint32_t halvings = 32;
    if (information && information->m_default_tile_info.tccp_info) {
        for (uint32_t index = 0; index < information->nbcomps; index++) {
            const uint32_t levels =
                information->m_default_tile_info.tccp_info[index].numresolutions;
            if (levels && levels - 1 < halvings) halvings = levels - 1;
        }
    }
    opj_destroy_cstr_info(&information);
    return halvings == 32 ? 0 : halvings;
}

// Which components are colours. A fourth without a name is opacity, unless it is black ink.
static bool sort_components(vignette_j2k *picture) {
    const opj_image_t *image = picture->image;
    int colours = 0;
    for (uint32_t index = 0; index < image->numcomps && index < maximum_channels; index++) {
        const opj_image_comp_t *component = image->comps + index;
        if (!component->data || !component->w || !component->h) return false;
        if (component->prec < 1 || component->prec > 31) return false;
        if (component->alpha) {
            if (picture->opacity < 0) picture->opacity = (int)index;
        } else if (picture->opacity < 0) {
            colours++;
        }
    }
    const bool is_cmyk = image->color_space == OPJ_CLRSPC_CMYK;
    const int wanted = is_cmyk && colours >= 4 ? 4 : colours >= 3 ? 3 : 1;
    if (picture->opacity < 0 && colours == wanted + 1) picture->opacity = wanted;
    picture->colours = wanted;
    const opj_image_comp_t *first = image->comps;
    // Colours that are stored coarser than brightness are no red, green and blue.
    const bool is_coarse = wanted == 3
        && (first[1].w < first[0].w || first[1].h < first[0].h)
        && image->color_space != OPJ_CLRSPC_SRGB;
    picture->is_ycc = wanted == 3
        && (image->color_space == OPJ_CLRSPC_SYCC || image->color_space == OPJ_CLRSPC_EYCC
            || is_coarse);
    return colours > 0;
}

bool vignette_j2k_decode(vignette_j2k *picture, uint32_t halvings) {
    if (!picture->image) return false;
    if (halvings && !opj_set_decoded_resolution_factor(picture->codec, halvings)) return false;
    return opj_decode(picture->codec, picture->stream, picture->image)
        && opj_end_decompress(picture->codec, picture->stream) && sort_components(picture);
}

vignette_j2k_model vignette_j2k_channels(const vignette_j2k *picture) {
    return picture->colours == 4 ? vignette_j2k_cmyk
        : picture->colours == 3  ? vignette_j2k_rgb
                                 : vignette_j2k_grey;
}

const uint8_t *vignette_j2k_profile(const vignette_j2k *picture, size_t *count) {
    *count = picture->image ? picture->image->icc_profile_len : 0;
    return *count ? picture->image->icc_profile_buf : NULL;
}

// A component's sample at a place of the picture, as 16 bits.
static uint32_t sample(
    const opj_image_comp_t *component, uint32_t x, uint32_t y, uint32_t width, uint32_t height) {
    const uint64_t column = component->w == width ? x : (uint64_t)x * component->w / width;
    const uint64_t row = component->h == height ? y : (uint64_t)y * component->h / height;
    int64_t value = component->data[row * component->w + column];
    const int64_t maximum = (1ll << component->prec) - 1;
    if (component->sgnd) value += 1ll << (component->prec - 1);
    value = value < 0 ? 0 : value > maximum ? maximum : value;
    return (uint32_t)((value * 65535 + maximum / 2) / maximum);
}

static uint32_t clamp(double value) {
    return value <= 0 ? 0 : value >= 65535 ? 65535 : (uint32_t)(value + 0.5);
}

// ITU-R BT.601 with full range, as sYCC has it (IEC 61966-2-1, amendment 1).
static void to_rgb(uint32_t *pixel) {
    const double y = pixel[0], cb = (double)pixel[1] - 32768, cr = (double)pixel[2] - 32768;
    pixel[0] = clamp(y + 1.402 * cr);
    pixel[1] = clamp(y - 0.344136 * cb - 0.714136 * cr);
    pixel[2] = clamp(y + 1.772 * cb);
}

void vignette_j2k_row(const vignette_j2k *picture, uint32_t y, uint16_t *row) {
    const opj_image_comp_t *components = picture->image->comps;
    uint32_t width = 0, height = 0;
    if (!vignette_j2k_size(picture, &width, &height)) return;
    // No ink is white, and all light is.
    const uint32_t paper = picture->colours == 4 ? 0 : 65535;
    for (uint32_t x = 0; x < width; x++) {
        uint32_t pixel[maximum_channels] = {0};
        for (int channel = 0; channel < picture->colours; channel++) {
            pixel[channel] = sample(components + channel, x, y, width, height);
        }
        if (picture->is_ycc) to_rgb(pixel);
        const uint64_t opacity = picture->opacity < 0
            ? 65535
            : sample(components + picture->opacity, x, y, width, height);
        for (int channel = 0; channel < picture->colours; channel++) {
            const uint64_t sum = pixel[channel] * opacity + paper * (65535 - opacity);
            row[(size_t)x * picture->colours + channel] = (uint16_t)((sum + 32767) / 65535);
        }
    }
}

const char *vignette_j2k_message(const vignette_j2k *picture) { return picture->message; }
