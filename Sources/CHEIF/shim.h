#pragma once
// libheif: HEIC and AVIF stills.
#include <libheif/heif.h>
