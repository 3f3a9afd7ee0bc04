// A streaming read. The same text is compiled for several widths of register: wide loads need fewer
// instructions for the same bytes, which matters where one core can nearly keep the memory busy.
#include "include/CBench.h"
#include <string.h>

typedef uint64_t words __attribute__((vector_size(64)));

#define READ_MEMORY                                                              \
    const char *from = memory;                                                   \
    words sums[4] = {{0}, {0}, {0}, {0}};                                        \
    for (size_t at = 0; at + 256 <= bytes; at += 256) {                          \
        for (int part = 0; part < 4; part++) {                                   \
            words read;                                                          \
            memcpy(&read, from + at + 64 * part, sizeof read);                   \
            sums[part] ^= read;                                                  \
        }                                                                        \
    }                                                                            \
    words all = sums[0] ^ sums[1] ^ sums[2] ^ sums[3];                           \
    uint64_t sum = 0;                                                            \
    for (int lane = 0; lane < 8; lane++) sum ^= all[lane];                       \
    return sum;

static uint64_t read_portable(const void *memory, size_t bytes) { READ_MEMORY }

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static uint64_t read_avx512(const void *memory, size_t bytes) {
    READ_MEMORY
}
__attribute__((target("avx2"))) static uint64_t read_avx2(const void *memory, size_t bytes) {
    READ_MEMORY
}

uint64_t vb_read_memory(const void *memory, size_t bytes) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f")) return read_avx512(memory, bytes);
    if (__builtin_cpu_supports("avx2")) return read_avx2(memory, bytes);
    return read_portable(memory, bytes);
}
#else
uint64_t vb_read_memory(const void *memory, size_t bytes) { return read_portable(memory, bytes); }
#endif
