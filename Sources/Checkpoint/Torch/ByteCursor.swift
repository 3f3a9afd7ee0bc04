/// Reads little-endian fields front to back from bytes that may hold anything.
struct ByteCursor {
    let bytes: UnsafeRawBufferPointer
    /// What the bytes are, for messages.
    private let subject: String
    private(set) var offset: Int

    /// Starts at an offset, which may lie outside the bytes: the first reading notices.
    init(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0, of subject: String) {
        self.bytes = bytes
        self.offset = offset
        self.subject = subject
    }

    var isAtEnd: Bool { offset == bytes.count }

    /// Takes so many bytes.
    ///
    /// - Throws: `ArchiveFlaw` where there are fewer.
    mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
        guard offset >= 0, offset <= bytes.count, count >= 0, count <= bytes.count - offset else {
            throw ArchiveFlaw("\(subject) ends at byte \(bytes.count), before all of it was read")
        }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    /// Takes a number.
    ///
    /// - Throws: `ArchiveFlaw` where the bytes end.
    mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        let field = try take(Number.bitWidth / 8)
        return Number(littleEndian: field.loadUnaligned(as: type))
    }

    /// Takes a number that is to fit `Int`.
    ///
    /// - Throws: `ArchiveFlaw` where the bytes end or the number is 2^63 or more.
    mutating func size(_ type: (some FixedWidthInteger & UnsignedInteger).Type) throws -> Int {
        let number = try integer(type)
        guard let size = Int(exactly: number) else {
            throw ArchiveFlaw("\(subject) holds the size \(number), beyond anything that exists")
        }
        return size
    }

    /// Takes so many bytes of UTF-8.
    ///
    /// - Throws: `ArchiveFlaw` where there are fewer, where they are no UTF-8, or beyond `limit`.
    mutating func text(_ count: Int, atMost limit: Int) throws -> String {
        guard count <= limit else {
            throw ArchiveFlaw("\(subject) holds a name of \(count) bytes")
        }
        let field = try take(count)
        guard let text = String(validating: field, as: UTF8.self) else {
            throw ArchiveFlaw("\(subject) holds a name that is no UTF-8")
        }
        return text
    }

    /// Takes UTF-8 up to a line feed, which is taken as well.
    ///
    /// - Throws: `ArchiveFlaw` where none comes within `limit` bytes.
    mutating func line(atMost limit: Int) throws -> String {
        let rest = bytes.dropFirst(max(offset, 0)).prefix(limit + 1)
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
            throw ArchiveFlaw("\(subject) holds a line of more than \(limit) bytes")
        }
        let text = try text(end - offset, atMost: limit)
        _ = try take(1)
        return text
    }
}
