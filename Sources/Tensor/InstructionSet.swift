import CKernels

/// What the processor's instructions make cheap.
public enum InstructionSet {
    /// Rows that a product with packed weights takes in about the time of one, because reading the
    /// weights takes longer.
    ///
    /// Measured for those of x86-64 (SPEED.md, "Packed weights"); of others one row is believed to keep
    /// them busy.
    public static var rowsAtOnePrice: Int {
        switch vk_current_level() {
        case VK_AVX512, VK_AVX512VL, VK_AVXVNNI: 4
        case VK_AVX2: 2
        default: 1
        }
    }
}
