/// A parameter of a statement, sent in PostgreSQL's binary form.
enum DatabaseValue {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case text(String)
    case bytes([UInt8])
    /// An array of 16-byte numbers.
    case pieces([PieceID])
    /// An array of texts.
    case texts([String])
    /// An array of numbers.
    case ints([Int64])
    /// An array of numbers.
    case doubles([Double])
    /// An array of byte strings.
    case blocks([[UInt8]])

    /// The type's number in PostgreSQL's catalogue (pg_type.dat).
    var type: UInt32 {
        switch self {
        case .null, .text: 25
        case .bool: 16
        case .int: 20
        case .double: 701
        case .bytes: 17
        case .pieces: 2951
        case .texts: 1009
        case .ints: 1016
        case .doubles: 1022
        case .blocks: 1001
        }
    }

    /// The bytes that stand for it; `nil` for NULL.
    var encoded: [UInt8]? {
        switch self {
        case .null: nil
        case .bool(let value): [value ? 1 : 0]
        case .int(let value): Self.bigEndian(value)
        case .double(let value): Self.bigEndian(value.bitPattern)
        // A text of PostgreSQL has no zero byte.
        case .text(let value): value.utf8.filter { $0 != 0 }
        case .bytes(let value): value
        case .pieces(let values): Self.array(values.map(\.bytes), of: 2950)
        case .texts(let values): Self.array(values.map { $0.utf8.filter { $0 != 0 } }, of: 25)
        case .ints(let values): Self.array(values.map(Self.bigEndian), of: 20)
        case .doubles(let values):
            Self.array(values.map { Self.bigEndian($0.bitPattern) }, of: 701)
        case .blocks(let values): Self.array(values, of: 17)
        }
    }

    /// The binary form of an array of one dimension (array_send in arrayfuncs.c): dimensions, whether there are
    /// NULLs, the elements' type, length and first index, then each with its length.
    private static func array(_ elements: [[UInt8]], of type: Int32) -> [UInt8] {
        guard !elements.isEmpty else {
            return bigEndian(Int32(0)) + bigEndian(Int32(0)) + bigEndian(type)
        }
        var bytes = bigEndian(Int32(1)) + bigEndian(Int32(0)) + bigEndian(type)
        bytes += bigEndian(Int32(elements.count)) + bigEndian(Int32(1))
        bytes.reserveCapacity(bytes.count + elements.reduce(0) { $0 + $1.count + 4 })
        for element in elements {
            bytes += bigEndian(Int32(element.count))
            bytes += element
        }
        return bytes
    }

    static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}

/// The number of a piece of work in a queue: 16 random bytes that its library made.
public struct PieceID: Hashable, Sendable, CustomStringConvertible {
    /// 16 bytes.
    public let bytes: [UInt8]

    /// Makes one that is new.
    public init() {
        var random = SystemRandomNumberGenerator()
        self.init(using: &random)
    }

    /// Makes one of a generator's numbers.
    public init(using random: inout some RandomNumberGenerator) {
        bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    /// Takes 16 bytes; `nil` for any other number of them.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads 32 hexadecimal digits.
    public init?(hexadecimal text: some StringProtocol) {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 32, text.utf8.count == 32 else { return nil }
        self.init(stride(from: 0, to: 32, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }

    /// 32 hexadecimal digits.
    public var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
