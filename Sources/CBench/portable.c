// Any processor: vectors of sixteen bytes in the compiler's own notation, which becomes SSE2 on
// every x86-64 and whatever there is elsewhere. There is no such notation for bfloat16.
#include "include/CBench.h"
#include "loops.h"

typedef int32_t ints __attribute__((vector_size(16)));
typedef float floats __attribute__((vector_size(16)));

#if defined(__x86_64__)
#define REGISTER "x"
#elif defined(__aarch64__)
#define REGISTER "w"
#else
#define REGISTER "m"  // A class that every processor has; slow, but so is all else here.
#endif

#define NO_TARGET
#define HIDE(x) __asm__ volatile("" : "+" REGISTER(x))

static inline ints int_step(ints sum, ints a, ints b) {
    HIDE(a);
    return sum + a * b;
}
static inline floats float_step(floats sum, floats a, floats b) {
    HIDE(a);
    return sum + a * b;
}
#define INT_STEP(sum) int_step(sum, a, b)
#define FLOAT_STEP(sum) float_step(sum, a, b)

// Bytes widened once, as a loop without dot products would have them: four products a step.
VB_DEFINE_LOOP(int8_portable, NO_TARGET, ints, (ints){0}, REGISTER, ints a = (ints){0} + 3;
               ints b = (ints){0} + 5, INT_STEP, 8)
VB_DEFINE_LOOP(float32_portable, NO_TARGET, floats, (floats){0}, REGISTER,
               floats a = (floats){0} + 1;
               floats b = (floats){0} + 0.5f, FLOAT_STEP, 8)

vb_loop vb_portable_loop(int numbers) {
    switch (numbers) {
    case VB_INT8: return (vb_loop){"portable", int8_portable};
    case VB_FLOAT32: return (vb_loop){"portable", float32_portable};
    }
    return (vb_loop){0, 0};
}
