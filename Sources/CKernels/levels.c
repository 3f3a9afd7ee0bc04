// Chooses the instruction set.
#include "kernels.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#if defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

static _Atomic int chosen = VK_UNFORCED;
static _Thread_local vk_level forced = VK_UNFORCED;
static _Atomic int first_cache = -1;

static const char *const names[VK_LEVELS] = {"portable", "avx2",   "avx512vl", "avxvnni",
                                             "avx512",   "neon", "i8mm"};

const char *vk_level_name(vk_level level) {
    return level >= VK_PORTABLE && level < VK_LEVELS ? names[level] : "none";
}

#if defined(__x86_64__)
static int has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("f16c");
}

static int has_avx512vl(void) {
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vnni");
}
#endif

int vk_level_runs(vk_level level) {
    switch (level) {
        case VK_PORTABLE: return 1;
#if defined(__x86_64__)
        case VK_AVX2: return has_avx2();
        case VK_AVX512VL: return has_avx512vl();
        case VK_AVXVNNI: return has_avx2() && __builtin_cpu_supports("avxvnni");
        case VK_AVX512:
            return has_avx512vl() && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512dq");
#endif
#if defined(__aarch64__)
        case VK_NEON: return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
        case VK_I8MM: return vk_level_runs(VK_NEON) && (getauxval(AT_HWCAP2) & HWCAP2_I8MM) != 0;
#endif
        default: return 0;
    }
}

// The level that VIGNETTE_KERNELS names, for those who look for a fault; the best otherwise.
static vk_level wished(void) {
    const char *wish = getenv("VIGNETTE_KERNELS");
    for (int level = VK_LEVELS - 1; wish && level >= VK_PORTABLE; level--)
        if (strcmp(wish, names[level]) == 0 && vk_level_runs((vk_level)level))
            return (vk_level)level;
    for (int level = VK_LEVELS - 1; level > VK_PORTABLE; level--)
        if (vk_level_runs((vk_level)level)) return (vk_level)level;
    return VK_PORTABLE;
}

vk_level vk_current_level(void) {
    if (forced != VK_UNFORCED) return forced;
    int level = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (level == VK_UNFORCED) {
        level = (int)wished();
        atomic_store_explicit(&chosen, level, memory_order_relaxed);
    }
    return (vk_level)level;
}

vk_level vk_forced_level(void) { return forced; }

void vk_force_level(vk_level level) { forced = level; }

int vk_fills_first_cache(void) {
    const int fills = atomic_load_explicit(&first_cache, memory_order_relaxed);
#if defined(__x86_64__)
    if (fills < 0) return __builtin_cpu_is("amd") != 0;
#endif
    return fills > 0;
}

void vk_force_first_cache(int fills) {
    atomic_store_explicit(&first_cache, fills, memory_order_relaxed);
}

const vk_kernels *vk_chosen_kernels(void) {
    switch (vk_current_level()) {
#if defined(__x86_64__)
        case VK_AVX2: return &vk_avx2_kernels;
        case VK_AVX512VL: return &vk_avx512vl_kernels;
        case VK_AVXVNNI: return &vk_avxvnni_kernels;
        case VK_AVX512: return &vk_avx512_kernels;
#endif
#if defined(__aarch64__)
        case VK_NEON: return &vk_neon_kernels;
        case VK_I8MM: return &vk_i8mm_kernels;
#endif
        default: return &vk_portable_kernels;
    }
}

int vk_wants_sums(size_t rows) { return rows <= vk_chosen_kernels()->summed_rows; }

void vk_quantise_rows(const float *x, size_t first, size_t last, const vk_rows *out) {
    const vk_kernels *kernels = vk_chosen_kernels();
    for (size_t row = first * VK_TILE; row < out->rows && row < last * VK_TILE; row += VK_TILE) {
        const size_t left = out->rows - row, rows = left < VK_TILE ? left : VK_TILE;
        for (size_t block = 0; block < vk_blocks(out->inputs); block++) {
            const size_t start = block * VK_BLOCK, length = vk_block_length(out->inputs, block);
            const size_t count = out->inputs - start < length ? out->inputs - start : length;
            const vk_tile tile = vk_tile_at(out, row, block);
            for (size_t r = 0; r < rows; r++)
                kernels->quantise_block(x + (row + r) * out->inputs + start, count, length, rows,
                                        tile.values + r * 4, tile.scales + r, tile.offsets + r);
            if (tile.sums) vk_sum_groups(tile.values, rows, length / VK_GROUP, tile.sums);
        }
    }
}

void vk_multiply_packed(vk_format format, const uint8_t *weights, size_t panels, size_t outputs,
                        const vk_rows *x, float *y, size_t stride, int adds) {
    vk_chosen_kernels()->multiply(format, weights, panels, outputs, x, y, stride, adds);
}

const vk_elements *vk_chosen_elements(void) {
    switch (vk_current_level()) {
#if defined(__x86_64__)
        case VK_AVX2:
        case VK_AVX512VL:
        case VK_AVXVNNI: return &vk_avx2_elements;
        case VK_AVX512: return &vk_avx512_elements;
#endif
        // The compiler's own NEON is what an Arm processor has anyway.
        default: return &vk_portable_elements;
    }
}

const vk_pair_products *vk_chosen_pair_products(void) {
#if defined(__x86_64__)
    if (vk_current_level() == VK_AVX512 && __builtin_cpu_supports("avx512bf16"))
        return &vk_avx512bf16_pair_products;
#endif
    return NULL;
}
