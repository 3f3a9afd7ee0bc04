/// Reads JSON front to back, value by value, from bytes that may hold anything.
///
/// The caller walks the document in its order and says what it expects, so nothing is built that
/// nobody asked for: no tree, no recursion, and a member that stands twice can be noticed. The
/// files that this reads (headers of 100 MB, vocabularies of 300,000 entries) come from strangers.
/// Grammar: RFC 8259.
public struct JSONScanner {
    /// What was wrong, and how many bytes into the document.
    public struct Failure: Error, Equatable, CustomStringConvertible {
        /// Bytes from the document's beginning.
        public let offset: Int
        /// What was expected or found there, as a clause.
        public let reason: String

        /// A clause that fits behind "not usable: ".
        public var description: String { "\(reason) at byte \(offset)" }
    }

    /// How many arrays and objects may stand within each other in a skipped value.
    public static let maximumDepth = 128

    let bytes: UnsafeRawBufferPointer
    /// Bytes read so far.
    public internal(set) var offset = 0

    /// Starts at the first byte.
    ///
    /// The memory has to stay valid and unchanged while the scanner is in use.
    public init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The failure that names the place reached so far.
    public func failure(_ reason: String) -> Failure {
        Failure(offset: offset, reason: reason)
    }

    /// The next byte that is not white space, without taking it; nil at the end.
    public mutating func peek() -> UInt8? {
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
                offset += 1
            case let byte:
                return byte
            }
        }
        return nil
    }

    /// Takes the byte if it is the next one that is not white space.
    public mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        offset += 1
        return true
    }

    /// Takes the byte, which has to be the next one that is not white space.
    ///
    /// - Throws: `Failure` where something else stands.
    public mutating func expect(_ byte: UInt8) throws {
        guard take(byte) else {
            throw failure("expected '\(Character(Unicode.Scalar(byte)))'")
        }
    }

    /// Makes sure that nothing but white space is left.
    ///
    /// - Throws: `Failure` where something else stands.
    public mutating func expectEnd() throws {
        guard peek() == nil else { throw failure("expected the end") }
    }

    /// Reads an object; `body` takes each member's value.
    ///
    /// - Throws: `Failure`, and what `body` throws.
    public mutating func object(_ body: (inout JSONScanner, _ key: String) throws -> Void) throws {
        try expect(UInt8(ascii: "{"))
        if take(UInt8(ascii: "}")) { return }
        repeat {
            let key = try string()
            try expect(UInt8(ascii: ":"))
            try body(&self, key)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    /// Reads an array; `body` takes each element.
    ///
    /// - Throws: `Failure`, and what `body` throws.
    public mutating func array(_ body: (inout JSONScanner) throws -> Void) throws {
        try expect(UInt8(ascii: "["))
        if take(UInt8(ascii: "]")) { return }
        repeat {
            try body(&self)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
    }

    /// Reads an integer that fits `Int`.
    ///
    /// - Throws: `Failure` for anything else, a fraction or an exponent included.
    public mutating func integer() throws -> Int {
        let negative = take(UInt8(ascii: "-"))
        guard let first = peek(), isDigit(first) else { throw failure("expected an integer") }
        let start = offset
        var value = 0
        while offset < bytes.count, isDigit(bytes[offset]) {
            let digit = Int(bytes[offset] - UInt8(ascii: "0"))
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = scaled.addingReportingOverflow(digit)
            guard !overflow, !carry else { throw failure("an integer too large") }
            value = sum
            offset += 1
        }
        guard first != UInt8(ascii: "0") || offset == start + 1 else {
            throw failure("an integer that begins with 0")
        }
        if offset < bytes.count, [UInt8(ascii: "."), 0x65, 0x45].contains(bytes[offset]) {
            throw failure("expected an integer, found a fraction")
        }
        return negative ? -value : value
    }

    /// Reads `true` or `false`.
    ///
    /// - Throws: `Failure` for anything else.
    public mutating func boolean() throws -> Bool {
        if takeWord("true") { return true }
        if takeWord("false") { return false }
        throw failure("expected true or false")
    }

    /// Takes `null` if it comes next.
    public mutating func takeNull() -> Bool { takeWord("null") }

    mutating func takeWord(_ word: StaticString) -> Bool {
        _ = peek()
        let count = word.utf8CodeUnitCount
        guard bytes.count - offset >= count else { return false }
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: count)
        guard bytes[offset..<offset + count].elementsEqual(expected) else { return false }
        offset += count
        return true
    }

    func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
