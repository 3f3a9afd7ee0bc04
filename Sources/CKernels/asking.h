#pragma once
// Asking memory for weights before they are read. Included where a file's instructions are the
// target.
#if defined(__x86_64__)
#include <immintrin.h>

#include "kernels.h"

// Bytes ahead of a stream of weights that are asked for: far enough that memory answers in time.
enum { AHEAD = 8192 };

// Where what is asked for goes. Intel's processors wait least where it comes into the second cache,
// AMD's where it comes into the first and is not kept (SPEED.md, "Packed weights").
typedef enum { SECOND_CACHE, FIRST_CACHE } destination;

static inline destination best_destination(void) {
    return vk_fills_first_cache() ? FIRST_CACHE : SECOND_CACHE;
}

#define ASK(first_hint, cache, bytes)                          \
    do {                                                       \
        if ((cache) == FIRST_CACHE)                            \
            _mm_prefetch((const char *)(bytes), first_hint);   \
        else                                                   \
            _mm_prefetch((const char *)(bytes), _MM_HINT_T1);  \
    } while (0)
// Weights are used once; of steps and scales each line is needed several times. Hints are constants.
#define ask_for_weights(cache, bytes) ASK(_MM_HINT_NTA, cache, bytes)
#define ask_for_steps(cache, bytes) ASK(_MM_HINT_T0, cache, bytes)

// A panel on its way through. Steps and scales stand behind a panel's weights, too few together for
// the processor to see a stream in them: those of the next panel are asked for while this one is
// multiplied, and near its end the weights that are asked for ahead are the next panel's.
typedef struct {
    size_t groups;  // Of the panel.
    size_t next;    // Bytes from a place in it to the same in the next panel.
} passage;

static inline passage passage_of(vk_format format, size_t inputs) {
    return (passage){vk_groups(inputs), vk_panel_bytes(format, inputs)};
}

// What to ask for while a group of `size` bytes of weights is multiplied, from its own place.
static inline size_t ahead_of(const passage *passage, size_t group, size_t size) {
    return (group + AHEAD / size < passage->groups ? 0 : passage->next - passage->groups * size) +
           AHEAD;
}
#endif
