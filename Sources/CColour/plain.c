#include "CColour.h"

static uint8_t narrow(uint32_t sample) { return (uint8_t)((sample * 255 + 32767) / 65535); }

void vignette_narrow(const uint16_t *samples, unsigned channels, uint8_t *rgb, size_t count) {
    for (size_t index = 0; index < count; index++, samples += channels, rgb += 3) {
        for (unsigned channel = 0; channel < 3; channel++) {
            if (channels == 4) {
                const uint32_t light = 65535U - samples[channel], black = 65535U - samples[3];
                rgb[channel] = narrow((uint32_t)((uint64_t)light * black / 65535));
            } else {
                rgb[channel] = narrow(samples[channels == 1 ? 0 : channel]);
            }
        }
    }
}
