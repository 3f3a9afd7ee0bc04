#pragma once
// Little CMS: ICC profiles.
#include <lcms2.h>

// Layouts of pixels, which are macros that Swift does not import.
static const cmsUInt32Number vignette_grey_16 = TYPE_GRAY_16;
static const cmsUInt32Number vignette_rgb_8 = TYPE_RGB_8;
static const cmsUInt32Number vignette_rgb_16 = TYPE_RGB_16;
static const cmsUInt32Number vignette_cmyk_16 = TYPE_CMYK_16;

// A macro too.
static const cmsUInt32Number vignette_black_point_compensation = cmsFLAGS_BLACKPOINTCOMPENSATION;
