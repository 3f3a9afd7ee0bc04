#pragma once
// Instruction sets. The best that the processor has is chosen at the first call, or the one that the
// environment variable VIGNETTE_KERNELS names (portable, avx2, avx512, neon); tests force them.

typedef enum {
    VK_PORTABLE = 0,
    VK_AVX2 = 1,    ///< AVX2, FMA, F16C.
    VK_AVX512 = 2,  ///< AVX-512 F, BW, VL, DQ with VNNI and BF16.
    VK_NEON = 3,    ///< Arm's NEON with dot products.
} vk_level;

/// Whether this processor, and this build, can run a level.
int vk_level_runs(vk_level level);
/// The level in use.
vk_level vk_current_level(void);
/// Uses a level from now on; returns 0 and changes nothing where it does not run here.
int vk_use_level(vk_level level);

/// Tells the processor that the caller waits in a loop.
static inline void vk_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}
