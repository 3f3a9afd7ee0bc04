/// A zip that a test builds by hand, true or lying.
struct ZipImage {
    /// An entry, and what the directory says of it.
    struct Entry {
        var name: String
        var bytes: [UInt8]
        /// Another name for the local header.
        var localName: String?
        var flags: UInt16 = 0
        var method: UInt16 = 0
        /// Other sizes and another place than the true ones.
        var size: UInt64?
        var packedSize: UInt64?
        var offset: UInt64?
        /// Whether sizes and offset are in the 64-bit extra field.
        var isWide = false

        init(_ name: String, _ bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    var entries: [Entry]
    var count: UInt64?
    var directoryOffset: UInt64?
    var directorySize: UInt64?
    var disk: UInt16 = 0
    var isWide = false
    var comment: [UInt8] = []

    init(_ entries: [Entry]) { self.entries = entries }

    /// The file.
    var bytes: [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            directory += Self.record(entry, at: entry.offset ?? UInt64(file.count))
            file += Self.localHeader(entry) + entry.bytes
        }
        let start = directoryOffset ?? UInt64(file.count)
        let end = file.count + directory.count
        return file + directory
            + endRecords(
                start: start, size: directorySize ?? UInt64(directory.count), end: end)
    }

    private static func localHeader(_ entry: Entry) -> [UInt8] {
        let name = Array((entry.localName ?? entry.name).utf8)
        return little(0x0403_4b50, 4) + little(20, 2) + little(UInt64(entry.flags), 2)
            + little(UInt64(entry.method), 2) + little(0, 16) + little(UInt64(name.count), 2)
            + little(0, 2) + name
    }

    private static func record(_ entry: Entry, at offset: UInt64) -> [UInt8] {
        let size = entry.size ?? UInt64(entry.bytes.count)
        let packed = entry.packedSize ?? size
        let name = Array(entry.name.utf8)
        let wide = little(size, 8) + little(packed, 8) + little(offset, 8)
        let extra =
            entry.isWide ? little(7, 2) + little(0, 2) + little(1, 2) + little(24, 2) + wide : []
        let narrow = { (number: UInt64) in little(entry.isWide ? 0xFFFF_FFFF : number, 4) }
        return little(0x0201_4b50, 4) + little(0, 4) + little(UInt64(entry.flags), 2)
            + little(UInt64(entry.method), 2) + little(0, 8) + narrow(packed) + narrow(size)
            + little(UInt64(name.count), 2) + little(UInt64(extra.count), 2) + little(0, 10)
            + narrow(offset) + name + extra
    }

    private func endRecords(start: UInt64, size: UInt64, end: Int) -> [UInt8] {
        let little = Self.little
        let count = count ?? UInt64(entries.count)
        var records: [UInt8] = []
        if isWide {
            records +=
                little(0x0606_4b50, 4) + little(44, 8) + little(0, 4)
                + little(UInt64(disk), 4) + little(0, 4) + little(count, 8) + little(count, 8)
                + little(size, 8) + little(start, 8)
            records +=
                little(0x0706_4b50, 4) + little(0, 4) + little(UInt64(end), 8)
                + little(1, 4)
        }
        return records + little(0x0605_4b50, 4) + little(UInt64(disk), 2) + little(0, 2)
            + little(isWide ? 0xFFFF : count, 2) + little(isWide ? 0xFFFF : count, 2)
            + little(isWide ? 0xFFFF_FFFF : size, 4) + little(isWide ? 0xFFFF_FFFF : start, 4)
            + little(UInt64(comment.count), 2) + comment
    }

    /// A number's lowest bytes, the lowest first.
    static func little(_ number: UInt64, _ count: Int) -> [UInt8] {
        Array(withUnsafeBytes(of: number.littleEndian, Array.init).prefix(count))
            + Array(repeating: 0, count: max(0, count - 8))
    }
}
