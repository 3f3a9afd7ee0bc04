#include "CColour.h"

// CIE 15, 8.2.1: the inverse of the function that L*, a* and b* are made with.
static float linear(float value) {
    return value > 6.0F / 29 ? value * value * value : (value - 4.0F / 29) * (108.0F / 841);
}

void vignette_lab_to_rgb(
    const float matrix[9], const uint16_t *lab, uint8_t *rgb, size_t count) {
    for (size_t index = 0; index < count; index++, lab += 3, rgb += 3) {
        const float lightness = (float)lab[0] * (100.0F / 65535);
        const float a = (float)lab[1] / 256 - 128;
        const float b = (float)lab[2] / 256 - 128;
        const float middle = (lightness + 16) / 116;
        const float x = linear(middle + a / 500);
        const float y = linear(middle);
        const float z = linear(middle - b / 200);
        for (int channel = 0; channel < 3; channel++) {
            const float *row = matrix + channel * 3;
            rgb[channel] = vignette_encode_light(row[0] * x + row[1] * y + row[2] * z);
        }
    }
}
