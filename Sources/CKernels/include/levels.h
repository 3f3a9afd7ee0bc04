#pragma once
// Instruction sets. The best that the processor has is chosen at the first call, or the one that
// the environment variable VIGNETTE_KERNELS names. A thread can be told to use another, so that tests
// compare them while other threads go on as they were.

typedef enum {
    VK_UNFORCED = -1,  ///< No level: what a thread uses that was told nothing.
    VK_PORTABLE = 0,
    VK_AVX2 = 1,      ///< AVX2, FMA, F16C.
    VK_AVX512VL = 2,  ///< AVX-VNNI's algorithm by AVX-512's instructions, to try it without AVX-VNNI.
    VK_AVXVNNI = 3,   ///< AVX2 with dot products of bytes.
    VK_AVX512 = 4,    ///< AVX-512 F, BW, VL, DQ with VNNI.
    VK_NEON = 5,      ///< Arm's NEON with dot products.
    VK_I8MM = 6,      ///< NEON with products of matrices of bytes.
} vk_level;

enum { VK_LEVELS = 7 };

/// What a level is called in VIGNETTE_KERNELS and in reports.
const char *vk_level_name(vk_level level);

/// Whether this processor, and this build, can run a level.
int vk_level_runs(vk_level level);
/// The level that the calling thread uses.
vk_level vk_current_level(void);
/// The level that the calling thread was told to use, or VK_UNFORCED.
vk_level vk_forced_level(void);
/// Has the calling thread use a level, one that runs here, or the process's again (VK_UNFORCED).
void vk_force_level(vk_level level);

/// Whether weights that are asked for ahead of their use go into the processor's first cache rather
/// than its second: the better on those by AMD, not on those by Intel.
int vk_fills_first_cache(void);
/// Has the process do so (1) or not (0), or as is best (-1): what is computed is the same.
void vk_force_first_cache(int fills);

/// Tells the processor that the caller waits in a loop.
static inline void vk_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}
