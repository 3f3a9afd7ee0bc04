/// What a pickle of tensors can put on its stack.
///
/// What holds other values is kept in lists of the machine's own and referred to by its place there:
/// nothing nests, so neither depth nor a cycle can exhaust the program's stack.
enum PickleValue: Equatable {
    case none
    case boolean(Bool)
    case integer(Int)
    case text(String)
    case global(PickleGlobal)
    /// A place in `Pickle.tuples`.
    case tuple(Int)
    /// A place in `Pickle.dictionaries`.
    case dictionary(Int)
    /// A place in `Pickle.storages`.
    case storage(Int)
    /// A place in `Pickle.tensors`.
    case tensor(Int)

    /// What it is, for messages.
    var kind: String {
        switch self {
        case .none: "nothing"
        case .boolean: "a truth value"
        case .integer: "a number"
        case .text: "a text"
        case .global(let global): "'\(global.name)'"
        case .tuple: "a tuple"
        case .dictionary: "a dictionary"
        case .storage: "a storage without a shape"
        case .tensor: "a tensor"
        }
    }
}

/// The names from Python's modules that tensors are written with; a pickle gets no others.
enum PickleGlobal: String {
    case orderedDictionary = "collections.OrderedDict"
    case rebuildTensor = "torch._utils._rebuild_tensor_v2"
    case rebuildParameter = "torch._utils._rebuild_parameter"
    case float32 = "torch.FloatStorage"
    case float16 = "torch.HalfStorage"
    case bfloat16 = "torch.BFloat16Storage"
    case float64 = "torch.DoubleStorage"
    case int64 = "torch.LongStorage"
    case int32 = "torch.IntStorage"
    case int16 = "torch.ShortStorage"
    case int8 = "torch.CharStorage"
    case uint8 = "torch.ByteStorage"
    case boolean = "torch.BoolStorage"

    var name: String { rawValue }

    /// The number format of a storage's class; nil for what is no such class.
    var storageType: StorageType? {
        switch self {
        case .orderedDictionary, .rebuildTensor, .rebuildParameter: nil
        case .float32: StorageType(name: "F32")
        case .float16: StorageType(name: "F16")
        case .bfloat16: StorageType(name: "BF16")
        case .float64: StorageType(name: "F64")
        case .int64: StorageType(name: "I64")
        case .int32: StorageType(name: "I32")
        case .int16: StorageType(name: "I16")
        case .int8: StorageType(name: "I8")
        case .uint8: StorageType(name: "U8")
        case .boolean: StorageType(name: "BOOL")
        }
    }
}

/// Numbers that stand in an entry of the archive.
struct PickledStorage: Equatable {
    /// The entry's name below `data/`.
    let key: String
    let type: StorageType
    /// How many numbers there are.
    let count: Int
}

/// A view of a storage.
struct PickledTensor: Equatable {
    let storage: PickledStorage
    /// The first number's place in the storage.
    let offset: Int
    let shape: [Int]
    /// How many numbers apart neighbours are, in each dimension.
    let strides: [Int]
}
