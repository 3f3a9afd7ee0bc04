#pragma once
// OpenJPEG: JPEG 2000.
#include <openjpeg.h>
