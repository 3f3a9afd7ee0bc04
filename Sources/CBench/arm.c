// AArch64: dot products of bytes and of bfloat16 where the processor has them, NEON everywhere.
#include "include/CBench.h"
#include "loops.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#define TARGET(features) __attribute__((target(features)))
#define NO_TARGET

// 16 products, four to a sum.
#define DOT(sum) vdotq_s32(sum, a, b)
VB_DEFINE_LOOP(int8_dotprod, TARGET("dotprod"), int32x4_t, vdupq_n_s32(0), "w",
               int8x16_t a = vdupq_n_s8(3); int8x16_t b = vdupq_n_s8(5), DOT, 32)

// Without dot products: eight products of 16 bits, added up in pairs.
static inline int32x4_t paired_dot(int32x4_t sum, int8x8_t a, int8x8_t b) {
    __asm__ volatile("" : "+w"(a));
    return vpadalq_s16(sum, vmull_s8(a, b));
}
#define PAIRED(sum) paired_dot(sum, a, b)
VB_DEFINE_LOOP(int8_neon, NO_TARGET, int32x4_t, vdupq_n_s32(0), "w",
               int8x8_t a = vdup_n_s8(3); int8x8_t b = vdup_n_s8(5), PAIRED, 16)

// 8 products, two to a sum.
#define BF16(sum) vbfdotq_f32(sum, a, b)
VB_DEFINE_LOOP(bfloat16_bfdot, TARGET("bf16"), float32x4_t, vdupq_n_f32(0), "w",
               bfloat16x8_t a = vreinterpretq_bf16_u16(vdupq_n_u16(0x3F80));
               bfloat16x8_t b = vreinterpretq_bf16_u16(vdupq_n_u16(0x3F00)), BF16, 16)

#define FMA(sum) vfmaq_f32(sum, a, b)
VB_DEFINE_LOOP(float32_neon, NO_TARGET, float32x4_t, vdupq_n_f32(0), "w",
               float32x4_t a = vdupq_n_f32(1); float32x4_t b = vdupq_n_f32(0.5f), FMA, 8)

#if defined(__linux__)
#include <sys/auxv.h>
// Bits of the kernel's documented interface, for C libraries that do not name them yet.
static int has_dot_products(void) { return (getauxval(AT_HWCAP) >> 20) & 1; }
static int has_bfloat16(void) { return (getauxval(AT_HWCAP2) >> 14) & 1; }
#else
static int has_dot_products(void) { return 0; }
static int has_bfloat16(void) { return 0; }
#endif

vb_loop vb_arm_loop(int numbers) {
    switch (numbers) {
    case VB_INT8:
        if (has_dot_products()) return (vb_loop){"NEON dotprod", int8_dotprod};
        return (vb_loop){"NEON", int8_neon};
    case VB_BFLOAT16:
        if (has_bfloat16()) return (vb_loop){"NEON BF16", bfloat16_bfdot};
        break;
    case VB_FLOAT32: return (vb_loop){"NEON", float32_neon};
    }
    return (vb_loop){0, 0};
}
#else
vb_loop vb_arm_loop(int numbers) {
    (void)numbers;
    return (vb_loop){0, 0};
}
#endif
