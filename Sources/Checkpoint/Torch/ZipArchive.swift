/// The table of contents of a zip whose entries are stored as they are.
///
/// Format: PKWARE's APPNOTE 6.3, with ZIP64. Nothing is unpacked, so nothing can grow: an entry is a
/// part of the file, and an archive that compresses, encrypts or overlaps its entries is refused.
struct ZipArchive {
    /// Far above any checkpoint's tensors; bounds what an archive can make us keep.
    static let maximumEntryCount = 1 << 16
    static let maximumDirectoryByteCount = 16 << 20
    static let maximumNameByteCount = 1024
    /// After so many local headers, each on a page of its own, their memory is given back.
    private static let headersBetweenReleases = 512

    /// Where in the file each entry's bytes are.
    let entries: [String: Range<Int>]

    /// Reads the directory of a whole file and holds every entry against its local header.
    ///
    /// - Parameters:
    ///   - file: The file's bytes.
    ///   - releasePages: Called now and then; may drop the pages that were touched.
    /// - Throws: `ArchiveFlaw`.
    init(of file: UnsafeRawBufferPointer, releasePages: () -> Void = {}) throws {
        let directory = try ZipDirectory(of: file)
        var cursor = ByteCursor(
            UnsafeRawBufferPointer(rebasing: file[directory.range]), of: "the zip's directory")
        var entries: [String: Range<Int>] = [:]
        var spans: [Range<Int>] = []
        for index in 0..<directory.count {
            let entry = try ZipDirectory.Entry(from: &cursor)
            let (name, data) = try entry.locate(in: file, before: directory.range.lowerBound)
            guard entries.updateValue(data, forKey: name) == nil else {
                throw ArchiveFlaw("the entry '\(abbreviated(name))' stands twice")
            }
            spans.append(entry.headerOffset..<data.upperBound)
            if index % Self.headersBetweenReleases == Self.headersBetweenReleases - 1 {
                releasePages()
            }
        }
        guard cursor.isAtEnd else {
            throw ArchiveFlaw("the zip's directory holds more than its \(directory.count) entries")
        }
        try Self.checkForOverlaps(spans)
        self.entries = entries
    }

    /// Refuses bytes that two entries share: how small archives pretend to be large ones.
    private static func checkForOverlaps(_ spans: [Range<Int>]) throws {
        var end = 0
        for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            guard span.lowerBound >= end else {
                throw ArchiveFlaw("two entries share the bytes from \(span.lowerBound) on")
            }
            end = span.upperBound
        }
    }
}
