import CKernels

/// Instruction sets that this processor runs.
let kernelLevels = (0..<VK_LEVELS).map { vk_level(Int32($0)) }.filter {
    vk_level_runs($0) == 1
}

/// Runs a body with a level in use, by this thread and those that compute for it; tests beside this
/// one keep theirs.
func with<Result>(level: vk_level, _ body: () throws -> Result) rethrows -> Result {
    let before = vk_forced_level()
    vk_force_level(level)
    defer { vk_force_level(before) }
    return try body()
}
