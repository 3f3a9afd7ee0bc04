import CKernels

/// The beginning of an index file, which never changes.
struct IndexHeader: Equatable {
    static let magic = Array("VGNTVECT".utf8)
    /// Raised whenever the meaning of a byte changes.
    static let version: UInt32 = 1
    private static let checkOffset = 280

    let description: IndexDescription
    /// Its check, which commits begin theirs with, so that none of another file counts.
    let check: UInt32
    let bytes: [UInt8]

    init(_ description: IndexDescription) {
        self.description = description
        var bytes = Self.magic
        let identity = description.identity
        for number in [
            Self.version, UInt32(description.dimension), UInt32(description.segmentRows),
            UInt32(identity.count),
        ] {
            bytes.append(number)
        }
        bytes += identity
        bytes += [UInt8](repeating: 0, count: Self.checkOffset - bytes.count)
        check = bytes.crc32c()
        bytes.append(check)
        self.bytes = bytes
    }

    /// Why a file that begins with `bytes` is none for `description`; `nil` if it is.
    static func problem(_ bytes: [UInt8], for description: IndexDescription) -> String? {
        guard bytes.starts(with: magic), bytes.count >= checkOffset + 4 else {
            return "it is no search index"
        }
        let found: UInt32 = bytes.number(at: 8)
        guard found == version else {
            return "it is of version \(found), and this program's is \(version)"
        }
        guard Array(bytes[..<checkOffset]).crc32c() == bytes.number(at: checkOffset) else {
            return "its header is damaged"
        }
        guard bytes.starts(with: Self(description).bytes) else {
            return "it was made for another catalogue or another model"
        }
        return nil
    }
}

/// How much of an index file counts.
struct IndexCommit: Equatable {
    static let byteCount = 32
    /// How many were made before it.
    var generation: UInt64
    var rows: Int
    /// The sequence number of the last row; `nil` where there is none.
    var lastSequence: Int64?

    static let empty = IndexCommit(generation: 0, rows: 0, lastSequence: nil)

    init(generation: UInt64, rows: Int, lastSequence: Int64?) {
        self.generation = generation
        self.rows = rows
        self.lastSequence = lastSequence
    }

    /// The next one, for so many rows.
    func next(rows: Int, lastSequence: Int64) -> IndexCommit {
        IndexCommit(generation: generation + 1, rows: rows, lastSequence: lastSequence)
    }

    /// Where in the file it is written.
    var offset: Int { IndexLayout.commitOffsets[Int(generation % 2)] }

    func bytes(in header: IndexHeader) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(generation)
        bytes.append(UInt64(rows))
        bytes.append(UInt64(bitPattern: lastSequence ?? 0))
        bytes.append(UInt32(0))
        bytes.append(bytes.crc32c(after: header.check))
        return bytes
    }

    /// Reads one; `nil` for what was torn, or is not there yet.
    init?(_ bytes: [UInt8], in header: IndexHeader, _ layout: IndexLayout) {
        guard bytes.count == Self.byteCount,
            Array(bytes[..<28]).crc32c(after: header.check) == bytes.number(at: 28)
        else { return nil }
        let rows: UInt64 = bytes.number(at: 8)
        guard rows <= layout.maximumRows else { return nil }
        let last: UInt64 = bytes.number(at: 16)
        self.init(
            generation: bytes.number(at: 0), rows: Int(rows),
            lastSequence: rows > 0 ? Int64(bitPattern: last) : nil)
    }
}

extension [UInt8] {
    mutating func append(_ number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }

    /// The number that begins at a byte, all of whose bytes are there.
    func number<Number: FixedWidthInteger>(at offset: Int) -> Number {
        withUnsafeBytes {
            Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self))
        }
    }

    /// Their CRC-32C, continuing from that of what stands before them.
    func crc32c(after crc: UInt32 = 0) -> UInt32 {
        withUnsafeBytes { vk_crc32c(crc, $0.baseAddress, $0.count) }
    }
}
