import MediaDecoding

/// Where a JPEG's picture ends, and what is left of one that was cut short.
struct JPEGEnd {
    /// Where the picture ends, behind its end marker; the file's end if there is none.
    let position: Int
    /// Whether a crash, a full card or a broken transfer took part of the picture.
    let isIncomplete: Bool

    /// Looks for the end; refuses a picture of which too little is there.
    init(of file: InputFile, limits: DecoderLimits) throws(CodecError) {
        position = try Self.find(in: file) ?? file.count
        // Most files end with the end marker, all others are looked through.
        guard try file.bytes(at: position - 2, count: 2) != [0xff, 0xd9] else {
            isIncomplete = false
            return
        }
        do throws(CodecError) {
            let rest = try JPEGDecoder(limits: limits.still)
                .remainder(of: Self.picture(file.still(limits)))
            try Incomplete.check(rest.rows)
            isIncomplete = rest.isIncomplete
        } catch .rejected(let reason) where reason.hasPrefix("is damaged") {
            // It ends before libjpeg could begin.
            throw .cutShort
        }
    }

    /// Where the picture ends; `nil` without an end marker.
    private static func find(in file: InputFile) throws(CodecError) -> Int? {
        if try file.bytes(at: file.count - 2, count: 2) == [0xff, 0xd9] { return file.count }
        var segments = JPEGSegments(file)
        while try segments.next() != nil {}
        return segments.end
    }

    /// The file without the zeros that a disk or a transfer put in place of its end.
    ///
    /// Read as data they would pass for a flat surface. Data seldom ends with more than one.
    static func picture(_ bytes: [UInt8]) -> [UInt8] {
        let zeros = bytes.reversed().prefix { $0 == 0 }.count
        return zeros > 8 ? Array(bytes.dropLast(zeros)) : bytes
    }
}
