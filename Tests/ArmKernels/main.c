// Every kernel of every instruction set that the processor has, against slow twins. Its words are the
// instruction sets that must be there: `kernels-test neon i8mm`.
//
// A program in C, so that it can be compiled for another processor and run by an emulator.
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"
#include "check.h"

static size_t passed = 0, failed = 0;

void check(int right, const char *what, ...) {
    if (right) {
        passed++;
        return;
    }
    failed++;
    va_list words;
    va_start(words, what);
    printf("%s: ", vk_level_name(vk_current_level()));
    vprintf(what, words);
    printf("\n");
    va_end(words);
}

float any_number(void) {
    static uint64_t state = 1;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (float)(int32_t)(state >> 32) * 0x1p-31f;
}

float *any_numbers(size_t count) {
    float *numbers = room(count * sizeof *numbers);
    for (size_t i = 0; i < count; i++) numbers[i] = any_number();
    return numbers;
}

void *room(size_t bytes) {
    void *memory = aligned_alloc(64, (bytes + 127) / 64 * 64);
    if (!memory) {
        perror("no memory");
        exit(2);
    }
    return memset(memory, 0, (bytes + 127) / 64 * 64);
}

static int runs(const char *name) {
    for (int level = 0; level < VK_LEVELS; level++)
        if (strcmp(name, vk_level_name((vk_level)level)) == 0)
            return vk_level_runs((vk_level)level);
    return 0;
}

int main(int count, char **words) {
    for (int i = 1; i < count; i++) check(runs(words[i]), "the processor lacks %s", words[i]);
    for (int level = 0; level < VK_LEVELS; level++) {
        if (!vk_level_runs((vk_level)level)) continue;
        vk_force_level((vk_level)level);
        const size_t before = passed;
        check_products();
        check_elements();
        check_similarity();
        check_pixels();
        printf("%s: %zu checks passed\n", vk_level_name((vk_level)level), passed - before);
    }
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed ? 1 : 0;
}
