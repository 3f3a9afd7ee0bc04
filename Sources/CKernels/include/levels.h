#pragma once
// Instruction sets. The best that the processor has is chosen at the first call, or the one that
// the environment variable VIGNETTE_KERNELS names (portable, avx2, avx512, neon). A thread can be
// told to use another, so that tests compare them while other threads go on as they were.

typedef enum {
    VK_UNFORCED = -1,  ///< No level: what a thread uses that was told nothing.
    VK_PORTABLE = 0,
    VK_AVX2 = 1,    ///< AVX2, FMA, F16C.
    VK_AVX512 = 2,  ///< AVX-512 F, BW, VL, DQ with VNNI and BF16.
    VK_NEON = 3,    ///< Arm's NEON with dot products.
} vk_level;

/// Whether this processor, and this build, can run a level.
int vk_level_runs(vk_level level);
/// The level that the calling thread uses.
vk_level vk_current_level(void);
/// The level that the calling thread was told to use, or VK_UNFORCED.
vk_level vk_forced_level(void);
/// Has the calling thread use a level, one that runs here, or the process's again (VK_UNFORCED).
void vk_force_level(vk_level level);

/// Tells the processor that the caller waits in a loop.
static inline void vk_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}
