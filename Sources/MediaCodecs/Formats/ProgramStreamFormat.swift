import MediaFormats

/// MPEG program streams (ISO 11172-1 and 13818-1, 2.5): DVDs, camcorders with discs, video CDs.
struct ProgramStreamFormat: ClipFormat {
    /// Bytes at the end within which a pack begins in any case; one has some kilobytes.
    private static let tail = 1 << 18

    let formats = [MediaFormat.programStream]
    let demuxer = "mpeg"

    /// A pack header, of the second or of the first edition.
    func recognise(_ start: FileStart) -> MediaFormat? {
        guard start.has([0, 0, 1, 0xba]), start.head.count >= 12 else { return nil }
        let next = start.head[4]
        return next & 0xc4 == 0x44 || next & 0xf1 == 0x21 ? .programStream : nil
    }

    /// Follows the packets from the last pack on that can be found: the last must end within the file.
    func isCutShort(_ file: InputFile) throws(CodecError) -> Bool {
        let start = max(file.count - Self.tail, 0)
        guard let bytes = try file.bytes(at: start, count: file.count - start),
            var position = Self.lastPack(in: bytes)
        else { return false }
        while position + 4 <= bytes.count {
            guard bytes[position...].starts(with: [0, 0, 1]) else { return false }
            let code = bytes[position + 3]
            if code == 0xb9 { return false }
            guard let length = try Self.length(of: code, in: bytes, at: position) else {
                return true
            }
            position += length
        }
        // Whole packets up to the last byte; some zeros may follow them.
        return position > bytes.count
            || position < bytes.count && bytes[position...].contains { $0 != 0 }
    }

    private static func lastPack(in bytes: [UInt8]) -> Int? {
        var position = bytes.count - 4
        while position >= 0 {
            if bytes[position] == 0, bytes[position + 1] == 0, bytes[position + 2] == 1,
                bytes[position + 3] == 0xba
            {
                return position
            }
            position -= 1
        }
        return nil
    }

    /// Bytes of the pack header or packet at `position`; `nil` if they are cut.
    private static func length(
        of code: UInt8, in bytes: [UInt8], at position: Int
    ) throws(CodecError) -> Int? {
        guard code == 0xba else {
            return try bytes.integer(at: position + 4, size: 2).map { $0 + 6 }
        }
        guard let next = try bytes.integer(at: position + 4, size: 1) else { return nil }
        guard next & 0xc0 == 0x40 else { return 12 }
        return try bytes.integer(at: position + 13, size: 1).map { 14 + $0 & 7 }
    }
}
