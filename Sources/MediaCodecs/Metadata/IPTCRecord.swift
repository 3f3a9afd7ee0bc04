import MediaDecoding

/// The data sets of IPTC-IIM 4.2 that say when a picture was taken and what is on it.
struct IPTCRecord {
    private static let maximumSets = 10_000

    /// When it was made (2:55, 2:60), then when it was digitised (2:62, 2:63).
    let moments: [String?]
    /// Title (2:05), caption (2:120) and keywords (2:25).
    let texts: EmbeddedTexts

    /// Reads data sets; ends at the first that makes no sense.
    init(_ bytes: [UInt8]) {
        var values: [Int: [ArraySlice<UInt8>]] = [:]
        var position = Self.start(in: bytes)
        for _ in 0..<Self.maximumSets {
            guard position + 5 <= bytes.count, bytes[position] == 0x1c,
                let (size, header) = Self.size(in: bytes, at: position + 3),
                size <= bytes.count - header
            else { break }
            let key = Int(bytes[position + 1]) << 8 | Int(bytes[position + 2])
            values[key, default: []].append(bytes[header..<header + size])
            position = header + size
        }
        // 1:90 names the character set; ESC % G is UTF-8. Without it both are met: see LegacyText.
        func text(_ set: Int) -> String? { values[0x200 | set]?.first.map(LegacyText.decode) }
        moments = [(55, 60), (62, 63)].map { Self.moment(text($0.0), text($0.1)) }
        texts = EmbeddedTexts(
            title: text(5) ?? text(105), caption: text(120),
            keywords: values[0x200 | 25]?.map(LegacyText.decode) ?? [])
    }

    /// Some writers put zeros before the first data set.
    private static func start(in bytes: [UInt8]) -> Int {
        let start = bytes.prefix(16).firstIndex { $0 != 0 } ?? 0
        return start < bytes.count && bytes[start] == 0x1c ? start : 0
    }

    /// Two bytes of length; with the first bit set they say how many bytes the length has.
    private static func size(in bytes: [UInt8], at position: Int) -> (size: Int, data: Int)? {
        let short = Int(bytes[position]) << 8 | Int(bytes[position + 1])
        guard short & 0x8000 != 0 else { return (short, position + 2) }
        let count = short & 0x7fff
        guard (1...4).contains(count), position + 2 + count <= bytes.count else { return nil }
        let size = bytes[position + 2..<position + 2 + count].reduce(0) { $0 << 8 | Int($1) }
        return (size, position + 2 + count)
    }

    /// `20190409` and `161913+0200`; some programs write separators.
    private static func moment(_ date: String?, _ time: String?) -> String? {
        guard let date, let day = TakenAt.fromISO(date)?.prefix(10) else { return nil }
        return TakenAt.fromISO(day + (time.map { "T" + $0 } ?? ""))
    }
}
