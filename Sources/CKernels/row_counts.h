#pragma once
// Calls a function whose first count is a constant, up to twelve, so that loops over rows are unrolled
// and sums live in registers.
#define WITH_ROWS(count, call)     \
    switch (count) {               \
        case 1: call(1); break;    \
        case 2: call(2); break;    \
        case 3: call(3); break;    \
        case 4: call(4); break;    \
        case 5: call(5); break;    \
        case 6: call(6); break;    \
        case 7: call(7); break;    \
        case 8: call(8); break;    \
        case 9: call(9); break;    \
        case 10: call(10); break;  \
        case 11: call(11); break;  \
        default: call(12); break;  \
    }
