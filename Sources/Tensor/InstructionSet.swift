import CKernels

/// What the processor's instructions make cheap.
public enum InstructionSet {
    /// Rows that a product with packed weights takes in about the time of one, because reading the
    /// weights takes longer.
    ///
    /// Measured for AVX-512 (SPEED.md, "Packed weights"); the other kernels are busy with one row.
    public static var rowsAtOnePrice: Int { vk_current_level() == VK_AVX512 ? 4 : 1 }
}
