/// Where a zip's central directory lies, and how many entries it says it has.
struct ZipDirectory {
    let range: Range<Int>
    let count: Int

    private static let endSignature: UInt32 = 0x0605_4b50
    private static let endByteCount = 22
    private static let locatorSignature: UInt32 = 0x0706_4b50
    private static let locatorByteCount = 20
    private static let wideEndSignature: UInt32 = 0x0606_4b50

    /// Finds the records at the file's end.
    ///
    /// - Throws: `ArchiveFlaw` where there are none, or where they contradict the file.
    init(of file: UnsafeRawBufferPointer) throws {
        let end = try Self.endRecord(of: file)
        var cursor = ByteCursor(file, at: end + 4, of: "the zip's last record")
        let disks = (try cursor.integer(UInt16.self), try cursor.integer(UInt16.self))
        let countHere = try cursor.size(UInt16.self)
        var count = try cursor.size(UInt16.self)
        var byteCount = try cursor.size(UInt32.self)
        var offset = try cursor.size(UInt32.self)
        var directoryEnd = end
        if let wide = try Self.wideEndRecord(of: file, before: end) {
            (count, byteCount, offset, directoryEnd) = wide
        } else {
            guard disks == (0, 0), countHere == count else {
                throw ArchiveFlaw("the zip is one of several volumes")
            }
        }
        guard count <= ZipArchive.maximumEntryCount else {
            throw ArchiveFlaw("the zip has \(count) entries, more than any checkpoint")
        }
        guard byteCount <= ZipArchive.maximumDirectoryByteCount else {
            throw ArchiveFlaw(
                "the zip's directory has \(byteCount) bytes, more than any checkpoint's")
        }
        guard offset <= directoryEnd, byteCount == directoryEnd - offset else {
            throw ArchiveFlaw(
                "the zip's directory of \(byteCount) bytes at \(offset) does not end where the "
                    + "next record begins, at \(directoryEnd)")
        }
        range = offset..<directoryEnd
        self.count = count
    }

    /// The offset of the last record, behind which at most a comment stands.
    private static func endRecord(of file: UnsafeRawBufferPointer) throws -> Int {
        let latest = file.count - endByteCount
        let earliest = max(0, latest - Int(UInt16.max))
        guard latest >= 0 else { throw ArchiveFlaw("\(file.count) bytes are no zip") }
        for offset in (earliest...latest).reversed() {
            var cursor = ByteCursor(file, at: offset, of: "the zip")
            guard try cursor.integer(UInt32.self) == endSignature else { continue }
            cursor = ByteCursor(file, at: offset + 20, of: "the zip")
            let commentCount = try cursor.size(UInt16.self)
            if offset + endByteCount + commentCount == file.count { return offset }
        }
        throw ArchiveFlaw("the zip's directory is missing at the end of the file")
    }

    /// What the 64-bit record says, where there is one; it then counts instead of the older one.
    private static func wideEndRecord(
        of file: UnsafeRawBufferPointer, before end: Int
    ) throws -> (count: Int, byteCount: Int, offset: Int, directoryEnd: Int)? {
        let locator = end - locatorByteCount
        guard locator >= 0 else { return nil }
        var cursor = ByteCursor(file, at: locator, of: "the zip's 64-bit locator")
        guard try cursor.integer(UInt32.self) == locatorSignature else { return nil }
        _ = try cursor.integer(UInt32.self)
        let record = try cursor.size(UInt64.self)
        guard record <= locator else {
            throw ArchiveFlaw("the zip's 64-bit record lies at \(record), behind its locator")
        }
        cursor = ByteCursor(file, at: record, of: "the zip's 64-bit record")
        guard try cursor.integer(UInt32.self) == wideEndSignature else {
            throw ArchiveFlaw("no 64-bit record stands at \(record), where the zip says")
        }
        let byteCount = try cursor.size(UInt64.self)
        guard byteCount == locator - record - 12 else {
            throw ArchiveFlaw(
                "the zip's 64-bit record of \(byteCount) bytes does not fit its place")
        }
        _ = try cursor.integer(UInt32.self)
        let disks = (try cursor.integer(UInt32.self), try cursor.integer(UInt32.self))
        let countHere = try cursor.size(UInt64.self)
        let count = try cursor.size(UInt64.self)
        guard disks == (0, 0), countHere == count else {
            throw ArchiveFlaw("the zip is one of several volumes")
        }
        return (count, try cursor.size(UInt64.self), try cursor.size(UInt64.self), record)
    }
}
