#include "page.h"

#include <math.h>
#include <string.h>

uint32_t vignette_page_integer(const uint8_t *row, size_t index, unsigned bits) {
    uint16_t half;
    uint32_t word;
    uint64_t wide;
    switch (bits) {
    case 8: return row[index];
    case 16: memcpy(&half, row + index * 2, 2); return half;
    // libtiff has put them into the order of this machine, whose lowest byte comes first.
    case 24: row += index * 3; return row[0] | row[1] << 8 | (uint32_t)row[2] << 16;
    case 32: memcpy(&word, row + index * 4, 4); return word;
    case 64: memcpy(&wide, row + index * 8, 8); return (uint32_t)(wide >> 32);
    default: break;
    }
    // Any other count: bit after bit, the highest first.
    size_t place = index * bits;
    uint32_t value = 0;
    for (unsigned bit = 0; bit < bits; bit++, place++) {
        value = value << 1 | (row[place / 8] >> (7 - place % 8) & 1);
    }
    return value;
}

// Binary floating point with an exponent of `exponent_bits` and a mantissa of `mantissa_bits`.
static double small_float(uint32_t value, int exponent_bits, int mantissa_bits) {
    const int bias = (1 << (exponent_bits - 1)) - 1;
    const int exponent = (int)(value >> mantissa_bits) & ((1 << exponent_bits) - 1);
    const double mantissa = ldexp(value & ((1U << mantissa_bits) - 1), -mantissa_bits);
    const double sign = value >> (exponent_bits + mantissa_bits) & 1 ? -1 : 1;
    if (exponent == 0) return sign * ldexp(mantissa, 1 - bias);
    // Infinities and what is no number.
    if (exponent == (1 << exponent_bits) - 1) return mantissa > 0 ? (double)NAN : sign * INFINITY;
    return sign * ldexp(1 + mantissa, exponent - bias);
}

static double floating(const uint8_t *row, size_t index, unsigned bits) {
    float number;
    double wide;
    switch (bits) {
    case 16: return small_float(vignette_page_integer(row, index, 16), 5, 10);
    case 24: return small_float(vignette_page_integer(row, index, 24), 7, 16);
    case 32: memcpy(&number, row + index * 4, 4); return number;
    default: memcpy(&wide, row + index * 8, 8); return wide;
    }
}

void vignette_page_numbers(
    const vignette_page *page, const uint8_t *row, size_t first, size_t stride, size_t count,
    double *numbers) {
    const unsigned bits = page->bits < 32 ? page->bits : 32;
    const double full = (double)(uint32_t)(0xFFFFFFFFU >> (32 - bits));
    // Those with a sign go from the lowest to the highest, too.
    const uint32_t flip = page->format == SAMPLEFORMAT_INT ? 1U << (bits - 1) : 0;
    for (size_t index = 0; index < count; index++, first += stride) {
        numbers[index] = page->format == SAMPLEFORMAT_IEEEFP
            ? floating(row, first, page->bits)
            : (vignette_page_integer(row, first, page->bits) ^ flip) / full;
    }
}
