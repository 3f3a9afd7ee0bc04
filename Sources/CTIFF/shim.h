#pragma once
// libtiff.
#include <tiffio.h>
