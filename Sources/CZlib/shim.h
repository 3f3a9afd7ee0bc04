#pragma once
// zlib: the deflated texts and profiles of PNG, and its checksums.
#include <zlib.h>
