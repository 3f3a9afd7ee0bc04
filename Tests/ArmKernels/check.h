#pragma once
// What the checks of kernels share: numbers by chance that are the same everywhere, and a count of
// what was right and wrong.
#include <stddef.h>

/// Counts a check, and says what is wrong.
void check(int right, const char *what, ...) __attribute__((format(printf, 2, 3)));

/// From -1 up to 1.
float any_number(void);
/// `count` of them, to be freed.
float *any_numbers(size_t count);
/// Memory of zeros, aligned as kernels want it, to be freed.
void *room(size_t bytes);

void check_products(void);
void check_elements(void);
void check_similarity(void);
void check_pixels(void);
