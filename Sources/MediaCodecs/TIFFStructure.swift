/// The skeleton that TIFF files and EXIF blocks share: directories of tagged values (TIFF 6.0).
///
/// Nothing is followed but what is asked for, so loops among the directories do no harm.
struct TIFFStructure {
    /// A tagged value: its type, how many there are, and where they stand.
    struct Entry {
        let type: Int
        let count: Int
        let offset: Int
    }

    /// Entries read of one directory; real ones have some dozens.
    private static let maximumEntries = 512
    /// Bytes of each type, by its number.
    private static let sizes = [1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 13: 4]

    private let source: any ByteSource
    private let base: Int
    private let order: ByteOrder

    /// Recognises the header at `base`, to which all offsets are relative; `nil` if there is none.
    init?(_ source: any ByteSource, at base: Int = 0) throws(CodecError) {
        guard let mark = try source.bytes(at: base, count: 4) else { return nil }
        switch mark {
        case [0x49, 0x49, 42, 0]: order = .little
        case [0x4d, 0x4d, 0, 42]: order = .big
        default: return nil
        }
        self.source = source
        self.base = base
    }

    /// The first directory, by tag; empty if it is not within the bytes.
    func mainDirectory() throws(CodecError) -> [Int: Entry] {
        guard let offset = try integer(at: 4, size: 4) else { return [:] }
        return try directory(at: offset)
    }

    /// The directory to which a tag of another one points; empty if there is none.
    func directory(_ pointer: Entry?) throws(CodecError) -> [Int: Entry] {
        guard let offset = try integers(pointer, maximum: 1)?.first else { return [:] }
        return try directory(at: offset)
    }

    private func directory(at offset: Int) throws(CodecError) -> [Int: Entry] {
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

    /// Up to `maximum` unsigned integers of one, two or four bytes; `nil` if it holds none such.
    func integers(_ entry: Entry?, maximum: Int) throws(CodecError) -> [Int]? {
        guard let entry, [1, 3, 4, 13].contains(entry.type), let size = Self.sizes[entry.type],
            entry.count > 0
        else { return nil }
        var values: [Int] = []
        for index in 0..<min(entry.count, maximum) {
            guard let value = try integer(at: entry.offset + index * size, size: size) else {
                return nil
            }
            values.append(value)
        }
        return values
    }

    /// Up to `maximum` unsigned fractions; `nil` if it holds none such or divides by zero.
    func fractions(_ entry: Entry?, maximum: Int) throws(CodecError) -> [Double]? {
        guard let entry, entry.type == 5, entry.count > 0 else { return nil }
        var values: [Double] = []
        for index in 0..<min(entry.count, maximum) {
            let place = entry.offset + index * 8
            guard let top = try integer(at: place, size: 4),
                let bottom = try integer(at: place + 4, size: 4), bottom != 0
            else { return nil }
            values.append(Double(top) / Double(bottom))
        }
        return values
    }

    /// Text up to its first zero byte, at most 256 bytes of it; `nil` if it holds none.
    func text(_ entry: Entry?) throws(CodecError) -> String? {
        guard let entry, entry.type == 2,
            let bytes = try source.bytes(at: base + entry.offset, count: min(entry.count, 256))
        else { return nil }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    private func integer(at offset: Int, size: Int) throws(CodecError) -> Int? {
        try source.integer(at: base + offset, size: size, order)
    }
}
