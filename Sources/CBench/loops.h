#pragma once
// How a loop is made. Twelve sums that do not depend on one another hide the latency of every
// multiply-add known to us (4 to 5 cycles, two a cycle) and leave four of sixteen vector registers
// for operands.
//
// An empty assembler statement stands behind every step. It claims to change the sum, so that the
// compiler can neither leave the step out nor merge two; and it asks for the sum in a vector
// register, so that a compiler that would keep it in memory has to say so by reloading it. (A loop
// with its sums in an array was once compiled to one that did, and reported half of the truth.)
// The operands pass through such a statement too: a compiler that knew them to be constants turned
// multiplying by one and adding into adding alone, which other units do as well.
#include <stdint.h>

/// A loop and what it is called.
typedef struct {
    const char *name;
    uint64_t (*run)(uint64_t rounds);
} vb_loop;

#define VB_STEP(step, register_class, sum) \
    sum = step(sum);                       \
    __asm__ volatile("" : "+" register_class(sum));

/// Defines the function `name`: `operations` is what one step counts, `operands` the
/// declarations of `a` and `b` and of what else the step uses beside the sum.
#define VB_DEFINE_LOOP(name, target, type, zero, register_class, operands, step, operations)     \
    target static uint64_t name(uint64_t rounds) {                                               \
        operands;                                                                                \
        __asm__ volatile("" : "+" register_class(a), "+" register_class(b));                     \
        type c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero;                   \
        type c6 = zero, c7 = zero, c8 = zero, c9 = zero, c10 = zero, c11 = zero;                 \
        for (uint64_t round = 0; round < rounds; round++) {                                      \
            VB_STEP(step, register_class, c0)                                                    \
            VB_STEP(step, register_class, c1)                                                    \
            VB_STEP(step, register_class, c2)                                                    \
            VB_STEP(step, register_class, c3)                                                    \
            VB_STEP(step, register_class, c4)                                                    \
            VB_STEP(step, register_class, c5)                                                    \
            VB_STEP(step, register_class, c6)                                                    \
            VB_STEP(step, register_class, c7)                                                    \
            VB_STEP(step, register_class, c8)                                                    \
            VB_STEP(step, register_class, c9)                                                    \
            VB_STEP(step, register_class, c10)                                                   \
            VB_STEP(step, register_class, c11)                                                   \
        }                                                                                        \
        return rounds * 12 * (operations);                                                       \
    }

// One function a processor family; a name that is NULL says that there is no such loop.
vb_loop vb_x86_loop(int numbers);
vb_loop vb_arm_loop(int numbers);
vb_loop vb_portable_loop(int numbers);
