import Tensor

/// A number format by the name that safetensors gives it, whether or not we can compute with it.
///
/// Names and widths: the `Dtype` list of the safetensors format.
struct StorageType: Equatable {
    let name: String

    /// The format as the engine knows it; nil where the tensor can only be listed.
    var elementType: ElementType? { ElementType(rawValue: name) }

    /// Bits an element takes; nil for a name that we have never heard of.
    var bitCount: Int? {
        switch name {
        case "F4": 4
        case "F6_E2M3", "F6_E3M2": 6
        case "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E5M2FNUZ", "F8_E4M3FNUZ": 8
        case "U16", "I16", "F16", "BF16": 16
        case "U32", "I32", "F32": 32
        case "U64", "I64", "F64", "C64": 64
        default: nil
        }
    }
}
