/// A set of byte values, 256 bits.
struct ByteSet: Equatable, Sendable {
    private var low: UInt128 = 0
    private var high: UInt128 = 0

    /// Every byte.
    static let all: ByteSet = {
        var set = ByteSet()
        set.invert()
        return set
    }()

    /// A POSIX class by its name (`alpha`, `digit` …), of ASCII; nil when there is none of the name.
    init?(named name: some Collection<UInt8>) {
        let ranges: [ClosedRange<UInt8>]
        switch String(decoding: name, as: UTF8.self) {
        case "alnum": ranges = [0x30...0x39, 0x41...0x5A, 0x61...0x7A]
        case "alpha": ranges = [0x41...0x5A, 0x61...0x7A]
        case "blank": ranges = [0x09...0x09, 0x20...0x20]
        case "cntrl": ranges = [0x00...0x1F, 0x7F...0x7F]
        case "digit": ranges = [0x30...0x39]
        case "graph": ranges = [0x21...0x7E]
        case "lower": ranges = [0x61...0x7A]
        case "print": ranges = [0x20...0x7E]
        case "punct": ranges = [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]
        case "space": ranges = [0x09...0x0D, 0x20...0x20]
        case "upper": ranges = [0x41...0x5A]
        case "xdigit": ranges = [0x30...0x39, 0x41...0x46, 0x61...0x66]
        default: return nil
        }
        for range in ranges { insert(range) }
    }

    /// The empty set.
    init() {}

    func contains(_ byte: UInt8) -> Bool {
        byte < 128 ? low >> UInt128(byte) & 1 == 1 : high >> UInt128(byte - 128) & 1 == 1
    }

    mutating func insert(_ range: ClosedRange<UInt8>) {
        for byte in range {
            if byte < 128 { low |= 1 << UInt128(byte) } else { high |= 1 << UInt128(byte - 128) }
        }
    }

    mutating func remove(_ byte: UInt8) {
        if byte < 128 { low &= ~(1 << UInt128(byte)) } else { high &= ~(1 << UInt128(byte - 128)) }
    }

    mutating func formUnion(_ other: ByteSet) {
        low |= other.low
        high |= other.high
    }

    mutating func invert() {
        low = ~low
        high = ~high
    }
}
