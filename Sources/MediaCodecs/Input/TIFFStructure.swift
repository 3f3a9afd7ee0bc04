/// The skeleton that TIFF files and EXIF blocks share: directories of tagged values (TIFF 6.0).
///
/// Nothing is followed but what is asked for, so loops among the directories do no harm.
struct TIFFStructure {
    /// The values of a directory by their tags.
    typealias Directory = [Int: Entry]

    /// A tagged value: its type, how many there are, and where they stand.
    struct Entry {
        let type: Int
        let count: Int
        let offset: Int
    }

    /// Entries read of one directory; real ones have some dozens.
    private static let maximumEntries = 512
    /// Bytes of each type, by its number.
    private static let sizes = [
        1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1,
    ]
    /// The types of whole numbers, and those of them that have a sign.
    private static let integerTypes: Set = [1, 3, 4, 6, 8, 9, 13]
    private static let signedTypes: Set = [6, 8, 9]

    private let source: any ByteSource
    private let base: Int
    /// The order of the bytes of its numbers.
    let order: ByteOrder

    /// Recognises the header at `base`, to which all offsets are relative; `nil` if there is none.
    init?(_ source: any ByteSource, at base: Int = 0) throws(CodecError) {
        guard let mark = try source.bytes(at: base, count: 4) else { return nil }
        switch mark {
        // Raw files of Olympus and Panasonic have marks of their own in the place of 42.
        case [0x49, 0x49, 42, 0], Array("IIRO".utf8), Array("IIRS".utf8), Array("IIU\0".utf8):
            order = .little
        case [0x4d, 0x4d, 0, 42], Array("MMOR".utf8): order = .big
        default: return nil
        }
        self.source = source
        self.base = base
    }

    /// A structure without a header, whose order is known.
    init(_ source: any ByteSource, at base: Int, _ order: ByteOrder) {
        self.source = source
        self.base = base
        self.order = order
    }

    /// The first directory, by tag; empty if it is not within the bytes.
    func mainDirectory() throws(CodecError) -> [Int: Entry] {
        guard let offset = try integer(at: 4, size: 4) else { return [:] }
        return try directory(at: offset)
    }

    /// The first directory and those chained behind it, at most `maximum`.
    func chain(maximum: Int) throws(CodecError) -> [Directory] {
        var directories: [Directory] = []
        var next = try integer(at: 4, size: 4)
        while let offset = next, offset > 0, directories.count < maximum,
            let count = try integer(at: offset, size: 2)
        {
            directories.append(try directory(at: offset))
            next = try integer(at: offset + 2 + count * 12, size: 4)
        }
        return directories
    }

    /// The directory to which a tag of another one points; empty if there is none.
    func directory(_ pointer: Entry?) throws(CodecError) -> [Int: Entry] {
        guard let offset = try integers(pointer, maximum: 1)?.first else { return [:] }
        return try directory(at: offset)
    }

    /// The directory that stands at `offset`.
    func directory(at offset: Int) throws(CodecError) -> [Int: Entry] {
        guard let count = try integer(at: offset, size: 2) else { return [:] }
        var entries: [Int: Entry] = [:]
        for index in 0..<min(count, Self.maximumEntries) {
            let place = offset + 2 + index * 12
            guard let tag = try integer(at: place, size: 2),
                let type = try integer(at: place + 2, size: 2),
                let count = try integer(at: place + 4, size: 4),
                let pointer = try integer(at: place + 8, size: 4)
            else { break }
            guard let size = Self.sizes[type], entries[tag] == nil else { continue }
            // Values of up to four bytes stand in the entry itself.
            entries[tag] = Entry(
                type: type, count: count, offset: count * size <= 4 ? place + 8 : pointer)
        }
        return entries
    }

    /// Where the last of a directory's strips (0x0111, 0x0117) or tiles (0x0144, 0x0145) ends.
    func endOfPieces(_ directory: Directory) throws(CodecError) -> Int {
        var end = 0
        for (offsets, sizes) in [(0x0111, 0x0117), (0x0144, 0x0145)] {
            let offsets = try integers(directory[offsets], maximum: 1 << 16) ?? []
            let sizes = try integers(directory[sizes], maximum: 1 << 16) ?? []
            for (offset, size) in zip(offsets, sizes) { end = max(end, base + offset + size) }
        }
        return end
    }

    /// Up to `maximum` whole numbers of any type, none below zero; `nil` if it holds none such.
    func integers(_ entry: Entry?, maximum: Int) throws(CodecError) -> [Int]? {
        guard let entry, Self.integerTypes.contains(entry.type),
            let numbers = try numbers(entry, maximum: maximum)
        else { return nil }
        let values = numbers.compactMap { $0.flatMap { Int(exactly: $0) } }
        return values.count == numbers.count && values.allSatisfy { $0 >= 0 } ? values : nil
    }

    /// Up to `maximum` numbers of any type, at least one; `nil` in it for a fraction of nothing.
    func numbers(_ entry: Entry?, maximum: Int) throws(CodecError) -> [Double?]? {
        guard let entry, let size = Self.sizes[entry.type], ![2, 7, 129].contains(entry.type),
            entry.count > 0
        else { return nil }
        var values: [Double?] = []
        for index in 0..<min(entry.count, maximum) {
            let place = entry.offset + index * size
            guard let first = try integer(at: place, size: min(size, 4)) else { return nil }
            switch entry.type {
            case 5, 10:
                guard let second = try integer(at: place + 4, size: 4) else { return nil }
                let isSigned = entry.type == 10
                let bottom = Self.value(second, size: 4, isSigned: isSigned)
                let top = Self.value(first, size: 4, isSigned: isSigned)
                values.append(bottom == 0 ? nil : Double(top) / Double(bottom))
            case 11:
                values.append(Double(Float(bitPattern: UInt32(first))))
            case 12:
                guard let bytes = try source.bytes(at: base + place, count: 8) else { return nil }
                let ordered = order == .big ? bytes : bytes.reversed()
                values.append(
                    Double(bitPattern: ordered.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
            default:
                let isSigned = Self.signedTypes.contains(entry.type)
                values.append(Double(Self.value(first, size: size, isSigned: isSigned)))
            }
        }
        return values.map { $0.flatMap { $0.isFinite ? $0 : nil } }
    }

    /// An integer of `size` bytes, its highest bit as the sign of signed ones.
    private static func value(_ unsigned: Int, size: Int, isSigned: Bool) -> Int {
        isSigned && unsigned >> (size * 8 - 1) != 0 ? unsigned - 1 << (size * 8) : unsigned
    }

    /// Text up to its first zero byte, at most `maximum` bytes of it; `nil` if it holds none.
    func text(_ entry: Entry?, maximum: Int = 256) throws(CodecError) -> String? {
        guard let entry, [1, 2, 7, 129].contains(entry.type),
            let bytes = try source.bytes(at: base + entry.offset, count: min(entry.count, maximum))
        else { return nil }
        return LegacyText.decode(bytes)
    }

    /// What a value consists of, whatever its type; `nil` above `maximum` bytes.
    func bytes(_ entry: Entry?, maximum: Int) throws(CodecError) -> [UInt8]? {
        guard let entry, let size = Self.sizes[entry.type], entry.count <= maximum / size else {
            return nil
        }
        return try source.bytes(at: base + entry.offset, count: entry.count * size)
    }

    private func integer(at offset: Int, size: Int) throws(CodecError) -> Int? {
        try source.integer(at: base + offset, size: size, order)
    }
}
