// The quickest loop for the processor at hand.
#include "include/CBench.h"
#include "loops.h"

static vb_loop quickest(vb_numbers numbers) {
    vb_loop loop = vb_x86_loop(numbers);
    if (!loop.name) loop = vb_arm_loop(numbers);
    if (!loop.name) loop = vb_portable_loop(numbers);
    return loop;
}

const char *vb_loop_name(vb_numbers numbers) { return quickest(numbers).name; }

uint64_t vb_run_loop(vb_numbers numbers, uint64_t rounds) {
    vb_loop loop = quickest(numbers);
    return loop.run ? loop.run(rounds) : 0;
}
