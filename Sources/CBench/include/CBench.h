#pragma once
// What a processor can do at best: loops that do nothing but multiply, or nothing but read. What an
// engine reaches is worth knowing only beside these, measured on the same machine in the same
// minute. Nothing here allocates, starts a thread or keeps state; run a loop on every thread at once
// for what the whole machine can do.
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What is multiplied and added up.
typedef enum {
    /// 8-bit integers to 32-bit sums.
    VB_INT8,
    /// bfloat16 to single precision sums.
    VB_BFLOAT16,
    /// Single precision.
    VB_FLOAT32,
} vb_numbers;

/// The instructions of the quickest loop that this processor can run; NULL where it has no
/// instructions of the kind.
const char *vb_loop_name(vb_numbers numbers);
/// Runs that loop so many rounds; returns the operations done, 2 a multiply-add, or 0 where there is
/// no loop.
uint64_t vb_run_loop(vb_numbers numbers, uint64_t rounds);

/// Reads memory once from beginning to end; returns a sum over it, so that the reading is not left
/// out. Bytes after the last whole 256 are not read.
uint64_t vb_read_memory(const void *memory, size_t bytes);

#ifdef __cplusplus
}
#endif
