#include "CColour.h"

// CIE 15, 8.2.1: the inverse of the function that L*, a* and b* are made with.
static float linear(float value) {
    return value > 6.0F / 29 ? value * value * value : (value - 4.0F / 29) * (108.0F / 841);
}

void vignette_lab_to_rgb(const uint16_t *lab, uint8_t *rgb, size_t count) {
    for (size_t index = 0; index < count; index++, lab += 3, rgb += 3) {
        const float lightness = (float)lab[0] * (100.0F / 65535);
        const float a = (float)lab[1] / 256 - 128;
        const float b = (float)lab[2] / 256 - 128;
        const float middle = (lightness + 16) / 116;
        // Relative to D50.
        const float x = 0.96422F * linear(middle + a / 500);
        const float y = linear(middle);
        const float z = 0.82521F * linear(middle - b / 200);
        // From there to sRGB's light, adapted to D65 by the Bradford transform.
        rgb[0] = vignette_encode_light(3.1338561F * x - 1.6168667F * y - 0.4906146F * z);
        rgb[1] = vignette_encode_light(-0.9787684F * x + 1.9161415F * y + 0.0334540F * z);
        rgb[2] = vignette_encode_light(0.0719453F * x - 0.2289914F * y + 1.4052427F * z);
    }
}
