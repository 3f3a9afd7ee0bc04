/// A pickle of named tensors, read by a machine that can build those and nothing else.
///
/// Python's own machine looks up any name in any module and calls it. This one knows the names of
/// `PickleGlobal`, calls none of them, and refuses every other name and opcode. How torch writes
/// tensors: `torch.save` and `torch._utils._rebuild_tensor_v2`.
struct Pickle {
    /// Far above any checkpoint's 160 bytes a tensor; bounds memory and time.
    static let maximumByteCount = 2 << 20
    static let maximumStackCount = 1 << 17
    static let maximumMemoCount = 1 << 17
    static let maximumTextByteCount = 4096
    static let maximumLineByteCount = 256

    private var cursor: ByteCursor
    var stack: [PickleValue] = []
    /// Where on the stack the marks are, the last one last.
    var marks: [Int] = []
    private var memo: [UInt32: PickleValue] = [:]
    var tuples: [[PickleValue]] = []
    var dictionaries: [[(name: String, value: PickleValue)]] = []
    var storages: [PickledStorage] = []
    var tensors: [PickledTensor] = []

    private init(_ bytes: UnsafeRawBufferPointer) {
        cursor = ByteCursor(bytes, of: "the pickle")
    }

    /// Reads the tensors of a whole pickle, in their order.
    ///
    /// - Throws: `ArchiveFlaw`.
    static func tensors(
        in bytes: UnsafeRawBufferPointer
    ) throws -> [(name: String, tensor: PickledTensor)] {
        guard bytes.count <= maximumByteCount else {
            throw ArchiveFlaw("a pickle of \(bytes.count) bytes is no list of tensors")
        }
        var pickle = Pickle(bytes)
        return try pickle.run()
    }

    private mutating func run() throws -> [(name: String, tensor: PickledTensor)] {
        while true {
            let place = cursor.offset
            let byte = try cursor.integer(UInt8.self)
            guard let opcode = PickleOpcode(rawValue: byte) else {
                throw ArchiveFlaw(
                    "the pickle has the opcode \(PickleOpcode.refusedName(byte)) at byte \(place), "
                        + "which tensors do not need; nothing of it was run")
            }
            if opcode == .stop { return try result() }
            try execute(opcode)
            guard stack.count + marks.count <= Self.maximumStackCount else {
                throw ArchiveFlaw("the pickle piles up more values than any list of tensors")
            }
        }
    }

    private mutating func execute(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .stop: break
        case .proto: try checkProtocol()
        case .none: stack.append(.none)
        case .newTrue: stack.append(.boolean(true))
        case .newFalse: stack.append(.boolean(false))
        case .binInt: stack.append(.integer(Int(try cursor.integer(Int32.self))))
        case .binInt1: stack.append(.integer(Int(try cursor.integer(UInt8.self))))
        case .binInt2: stack.append(.integer(Int(try cursor.integer(UInt16.self))))
        case .long1: stack.append(.integer(try longInteger()))
        case .binUnicode: stack.append(.text(try text()))
        case .mark: marks.append(stack.count)
        case .emptyTuple: pushTuple([])
        case .tuple: pushTuple(try popToMark())
        case .tuple1: pushTuple(try pop(1))
        case .tuple2: pushTuple(try pop(2))
        case .tuple3: pushTuple(try pop(3))
        case .emptyDict: pushDictionary()
        case .setItem: try setItems(try pop(2))
        case .setItems: try setItems(try popToMark())
        case .binGet: stack.append(try remembered(UInt32(try cursor.integer(UInt8.self))))
        case .longBinGet: stack.append(try remembered(try cursor.integer(UInt32.self)))
        case .binPut: try remember(UInt32(try cursor.integer(UInt8.self)))
        case .longBinPut: try remember(try cursor.integer(UInt32.self))
        case .global: stack.append(.global(try global()))
        case .binPersID: try pushStorage()
        case .reduce: try reduce()
        case .build: try build()
        }
    }

    private mutating func checkProtocol() throws {
        let version = try cursor.integer(UInt8.self)
        guard version == 2 else {
            throw ArchiveFlaw("the pickle is of protocol \(version), and torch writes 2")
        }
    }

    /// A number of up to eight bytes in two's complement.
    private mutating func longInteger() throws -> Int {
        let count = try cursor.size(UInt8.self)
        guard count <= 8 else { throw ArchiveFlaw("the pickle has a number of \(count) bytes") }
        let bytes = try cursor.take(count)
        let isNegative = bytes.last.map { $0 >= 0x80 } ?? false
        return bytes.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) }
    }

    private mutating func text() throws -> String {
        try cursor.text(try cursor.size(UInt32.self), atMost: Self.maximumTextByteCount)
    }

    private mutating func global() throws -> PickleGlobal {
        let module = try cursor.line(atMost: Self.maximumLineByteCount)
        let name = "\(module).\(try cursor.line(atMost: Self.maximumLineByteCount))"
        guard let global = PickleGlobal(rawValue: name) else {
            throw ArchiveFlaw(
                "the pickle asks for '\(abbreviated(name))', which tensors do not need; nothing of "
                    + "it was run")
        }
        return global
    }

    private mutating func remember(_ place: UInt32) throws {
        guard let value = stack.last else { throw ArchiveFlaw("the pickle remembers nothing") }
        memo[place] = value
        guard memo.count <= Self.maximumMemoCount else {
            throw ArchiveFlaw("the pickle remembers more values than any list of tensors")
        }
    }

    private func remembered(_ place: UInt32) throws -> PickleValue {
        guard let value = memo[place] else {
            throw ArchiveFlaw("the pickle recalls the value \(place), which it never remembered")
        }
        return value
    }

    /// The dictionary that is left at the end.
    private func result() throws -> [(name: String, tensor: PickledTensor)] {
        guard cursor.isAtEnd, marks.isEmpty, stack.count == 1, let value = stack.first else {
            throw ArchiveFlaw("the pickle ends before it is complete, or goes on behind its end")
        }
        guard case .dictionary(let place) = value else {
            throw ArchiveFlaw("the pickle holds \(value.kind) instead of tensors by their names")
        }
        return try dictionaries[place].map { name, value in
            guard case .tensor(let place) = value else {
                throw ArchiveFlaw("'\(abbreviated(name))' is \(value.kind), no tensor")
            }
            return (name, tensors[place])
        }
    }
}
