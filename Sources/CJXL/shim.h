#pragma once
// libjxl: JPEG XL.
#include <jxl/decode.h>
