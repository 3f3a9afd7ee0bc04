#pragma once
// Exempi: XMP packets, by Adobe's own parser.
#include <exempi/xmp.h>
#include <exempi/xmpconsts.h>
