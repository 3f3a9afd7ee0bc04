/// A zip that a test builds by hand, true or lying.
public struct ZipImage: Sendable {
    /// An entry, and what the directory says of it.
    public struct Entry: Sendable {
        /// Its path in the archive.
        public var name: String
        /// The stored bytes.
        public var bytes: [UInt8]
        /// Another name for the local header.
        public var localName: String?
        /// General purpose flags.
        public var flags: UInt16 = 0
        /// How it is compressed; 0 for not at all.
        public var method: UInt16 = 0
        /// Another size than the true one.
        public var size: UInt64?
        /// Another size before unpacking.
        public var packedSize: UInt64?
        /// Another place than the true one.
        public var offset: UInt64?
        /// Whether sizes and offset are in the 64-bit extra field.
        public var isWide = false

        /// An honest entry.
        public init(_ name: String, _ bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// The entries, in their order.
    public var entries: [Entry]
    /// Another number of entries than the true one.
    public var count: UInt64?
    /// Another place of the directory than the true one.
    public var directoryOffset: UInt64?
    /// Another size of the directory than the true one.
    public var directorySize: UInt64?
    /// The volume that this is said to be.
    public var disk: UInt16 = 0
    /// Whether the 64-bit end record is there.
    public var isWide = false
    /// What stands behind the last record.
    public var comment: [UInt8] = []

    /// An archive of these entries.
    public init(_ entries: [Entry]) { self.entries = entries }

    /// The file.
    public var bytes: [UInt8] {
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
    public static func little(_ number: UInt64, _ count: Int) -> [UInt8] {
        Array(withUnsafeBytes(of: number.littleEndian, Array.init).prefix(count))
            + Array(repeating: 0, count: max(0, count - 8))
    }
}
