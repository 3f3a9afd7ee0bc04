/// The outermost boxes of an MP4 or QuickTime file (ISO 14496-12, 4.2).
struct ISOBoxes {
    /// Boxes read of one file; a fragmented recording has two for each second or so.
    private static let maximumBoxes = 1_000_000

    /// The boxes without which nothing can be seen; others may be garbage behind the end.
    private static let essential = ["ftyp", "moov", "moof", "mdat"].map { Array($0.utf8) }

    /// What the media data boxes hold, in order, as far as it is there.
    let mediaData: [Range<Int>]
    /// Whether the index (`moov`) is there, and whole.
    let hasIndex: Bool
    /// Whether the file ends before its last box does.
    let isCutShort: Bool

    /// Walks the boxes; refuses a file that has none.
    init(_ file: some ByteSource) throws(CodecError) {
        var data: [Range<Int>] = []
        var position = 0
        var count = 0
        var hasIndex = false
        var isCutShort = false
        while position + 8 <= file.count {
            count += 1
            guard count <= Self.maximumBoxes else { throw .damaged("too many boxes (MP4)") }
            guard let short = try file.integer(at: position, size: 4),
                let type = try file.bytes(at: position + 4, count: 4)
            else { break }
            var header = 8
            var size = short
            if short == 1 {
                guard let long = try file.integer(at: position + 8, size: 8) else {
                    isCutShort = Self.essential.contains(type)
                    break
                }
                (header, size) = (16, long)
            } else if short == 0 {
                size = file.count - position
            }
            guard size >= header else {
                // Some cameras end with zeros or a text of their own; what came before is whole.
                guard position > 0 else { throw .damaged("it has no boxes (MP4)") }
                break
            }
            guard size <= file.count - position else {
                isCutShort = Self.essential.contains(type)
                if type == Array("mdat".utf8) { data.append(position + header..<file.count) }
                break
            }
            if type == Array("mdat".utf8) { data.append(position + header..<position + size) }
            hasIndex = hasIndex || type == Array("moov".utf8)
            position += size
        }
        mediaData = data
        self.hasIndex = hasIndex
        self.isCutShort = isCutShort
    }
}
