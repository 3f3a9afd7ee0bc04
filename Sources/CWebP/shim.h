#pragma once
// libwebp: WebP.
#include <webp/decode.h>
