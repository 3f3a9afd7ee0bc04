/// How one number of a tensor is stored; the raw value is the name that safetensors gives it.
public enum ElementType: String, Sendable {
    /// IEEE 754 single precision.
    case float32 = "F32"
    /// IEEE 754 half precision.
    case float16 = "F16"
    /// The upper half of a single precision number.
    case bfloat16 = "BF16"
    /// Bytes; packed weights are stored as such.
    case uint8 = "U8"

    /// Bytes an element takes.
    public var byteCount: Int {
        switch self {
        case .float32: 4
        case .float16, .bfloat16: 2
        case .uint8: 1
        }
    }
}
