/// The packs of five bytes that a DV camera writes beside the picture (IEC 61834-4).
enum DVPacks {
    /// The recording date and time of a frame, in the camera's clock; `nil` if it states none.
    static func takenAt(_ frame: [UInt8], block: Int) -> String? {
        var date: String?
        var time: String?
        for start in stride(from: 0, through: frame.count - block, by: block)
        where frame[start] >> 5 == 2 {
            // Blocks of the video's auxiliary data: three bytes, then fifteen packs.
            for pack in stride(from: start + 3, to: start + 78, by: 5) {
                let value = frame[pack + 1..<pack + 5].map { $0 }
                switch frame[pack] {
                case 0x62: date = date ?? day(value)
                case 0x63: time = time ?? clock(value)
                default: continue
                }
            }
        }
        guard let date else { return nil }
        return TakenAt.fromISO(time.map { "\(date)T\($0)" } ?? date)
    }

    /// Zone, day, month, year; the upper bits of day and month mean something else.
    private static func day(_ value: [UInt8]) -> String? {
        guard value[1] != 0xff, value[3] != 0xff else { return nil }
        let year = BinaryCodedDecimal.text(value[3])
        let month = BinaryCodedDecimal.text(value[2] & 0x1f)
        // Cassettes have been sold since 1995; 1970 is a clock that was not set.
        let century = value[3] >= 0x70 ? "19" : "20"
        return "\(century)\(year)-\(month)-" + BinaryCodedDecimal.text(value[1] & 0x3f)
    }

    /// Frame, second, minute, hour.
    private static func clock(_ value: [UInt8]) -> String? {
        guard value[1] != 0xff, value[3] != 0xff else { return nil }
        return [value[3] & 0x3f, value[2] & 0x7f, value[1] & 0x7f]
            .map(BinaryCodedDecimal.text).joined(separator: ":")
    }
}
