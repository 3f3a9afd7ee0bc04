import MediaDecoding

/// What AVCHD camcorders write into the video itself: the Modified Digital Video Pack Metadata.
///
/// It stands in a message of H.264 that belongs to no picture (SEI, user data), as packs of a tag and
/// four bytes. Source of the tags: exiftool's documentation of H264.
struct CamcorderNotes {
    /// The message's identifier, and its name.
    private static let mark: [UInt8] =
        [
            0x17, 0xee, 0x8c, 0x60, 0xf8, 0x4d, 0x11, 0xd9, 0x8c, 0xd6, 0x08, 0x00, 0x20, 0x0c,
            0x9a,
            0x66,
        ] + Array("MDPM".utf8)
    private static let makers = [
        0x0103: "Panasonic", 0x0108: "Sony", 0x1011: "Canon", 0x1104: "JVC",
    ]

    private var packs: [UInt8: [UInt8]] = [:]

    /// Looks for the message in a packet of the video; `nil` if there is none.
    init?(packet: UnsafeBufferPointer<UInt8>) {
        guard let start = Self.find(Self.mark, in: packet) else { return nil }
        let content = Self.unescape(packet[(start + Self.mark.count)...].prefix(2048))
        guard let count = content.first else { return nil }
        for index in 0..<Int(count) {
            let place = 1 + index * 5
            guard place + 5 <= content.count else { break }
            packs[content[place]] = packs[content[place]] ?? Array(content[place + 1..<place + 5])
        }
    }

    /// Adds date, place and camera where they are not known.
    func complete(_ capture: inout CaptureFacts) {
        capture.takenAt = capture.takenAt ?? takenAt
        capture.camera = capture.camera ?? camera
        if capture.position == nil {
            capture.setPosition(
                latitude: degrees(at: 0xb1, "N", "S"), longitude: degrees(at: 0xb5, "E", "W"))
        }
    }

    /// The maker's number, and twelve letters of the model, which few makers fill.
    private var camera: String? {
        let model = (0xe4...0xe6).flatMap { packs[$0] ?? [] }
        return CameraName.join(
            maker: packs[0xe0].flatMap { Self.makers[Int($0[0]) << 8 | Int($0[1])] },
            model: model.isEmpty ? nil : LegacyText.decode(model))
    }

    /// Zone, century, year, month; day, hour, minute, second: two decimal digits in each byte.
    private var takenAt: String? {
        guard let first = packs[0x18], let second = packs[0x19] else { return nil }
        let digits = (first[1...] + second).map { BinaryCodedDecimal.text($0) }
        let date = "\(digits[0])\(digits[1])-\(digits[2])-\(digits[3])"
        let zone = first[0]
        let hours = zone >> 1 & 0xf
        let offset =
            zone == 0xff || hours > 14
            ? nil
            : (zone & 0x20 == 0 ? "+" : "-") + (hours < 10 ? "0" : "") + "\(hours):"
                + (zone & 1 == 0 ? "00" : "30")
        return TakenAt.fromExif("\(date) \(digits[4]):\(digits[5]):\(digits[6])", offset: offset)
    }

    /// A letter, then degrees, minutes and seconds as fractions of two-byte numbers.
    private func degrees(at tag: UInt8, _ positive: Character, _ negative: Character) -> Double? {
        guard let letter = packs[tag]?.first.map({ Character(Unicode.Scalar($0)) }),
            letter == positive || letter == negative
        else { return nil }
        var sum = 0.0
        for (index, divisor) in [1, 60, 3600.0].enumerated() {
            guard let pack = packs[tag + 1 + UInt8(index)] else { return nil }
            let denominator = Int(pack[2]) << 8 | Int(pack[3])
            guard denominator > 0 else { return nil }
            sum += Double(Int(pack[0]) << 8 | Int(pack[1])) / Double(denominator) / divisor
        }
        return letter == negative ? -sum : sum
    }

    private static func find(_ mark: [UInt8], in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var position = 0
        while position + mark.count <= bytes.count {
            if bytes[position] == mark[0], bytes[position...].starts(with: mark) { return position }
            position += 1
        }
        return nil
    }

    /// Takes out the byte that H.264 puts behind two zeros (7.4.1).
    private static func unescape(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
        var plain: [UInt8] = []
        var zeros = 0
        for byte in bytes {
            if zeros >= 2, byte == 3 {
                zeros = 0
                continue
            }
            zeros = byte == 0 ? zeros + 1 : 0
            plain.append(byte)
        }
        return plain
    }
}

/// Numbers whose decimal digits are the halves of bytes, as recorders write them.
enum BinaryCodedDecimal {
    /// The two digits; letters where they are none.
    static func text(_ byte: UInt8) -> String {
        let digits = Array("0123456789abcdef")
        return String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }
}
