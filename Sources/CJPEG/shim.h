#pragma once
// libjpeg-turbo. jpeglib.h needs size_t and FILE from stdio.h and does not include it itself.
#include <stdio.h>
#include <jpeglib.h>
