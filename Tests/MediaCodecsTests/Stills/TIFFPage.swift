@testable import MediaCodecs

/// Draws a TIFF file of one page from numbers, whatever its samples are.
struct TIFFPage {
    enum Format: Int {
        case unsigned = 1
        case signed = 2
        case float = 3
    }

    var width = 5
    var height = 3
    var bits = 8
    var format = Format.unsigned
    var photometric = 1
    var samples = 1
    var isPlanar = false
    /// Edge of square tiles; rows otherwise.
    var tile: Int?
    /// Rows of a strip; all of them in one without.
    var stripRows: Int?
    /// What is said of the rows of a strip; the truth without.
    var statedStripRows: Int?
    var isReversed = false
    var compression = 1
    var order = ByteOrder.little
    var extra: [TIFFBuilder.Value] = []

    private var builder: TIFFBuilder { TIFFBuilder(order: order) }

    /// The file; `number` is what a sample holds, 0 to 1 for whole numbers of any size.
    func file(_ number: (_ x: Int, _ y: Int, _ sample: Int) -> Double) -> [UInt8] {
        var pieces: [[UInt8]] = []
        for plane in 0..<(isPlanar ? samples : 1) {
            let channels = isPlanar ? [plane] : Array(0..<samples)
            let edge = tile ?? 0
            let (across, down) = tile == nil ? (width, stripRows ?? height) : (edge, edge)
            for top in stride(from: 0, to: height, by: down) {
                for left in stride(from: 0, to: width, by: across) {
                    var piece: [UInt8] = []
                    for y in top..<top + down {
                        piece += row(
                            (left..<left + across).flatMap { x in
                                channels.map {
                                    x < width && y < height ? number(x, y, $0) : 0
                                }
                            })
                    }
                    pieces.append(piece)
                }
            }
        }
        let start = build(pieces.map(\.count), at: 0).count
        return build(pieces.map(\.count), at: start) + pieces.joined()
    }

    /// The file with one strip that is coded already.
    func file(strip: [UInt8]) -> [UInt8] {
        let start = build([strip.count], at: 0).count
        return build([strip.count], at: start) + strip
    }

    private func build(_ sizes: [Int], at start: Int) -> [UInt8] {
        var offsets: [Int] = []
        var place = start
        for size in sizes {
            offsets.append(place)
            place += size
        }
        func short(_ tag: Int, _ values: Int...) -> TIFFBuilder.Value {
            builder.integers(tag, type: 3, values)
        }
        let edges: [TIFFBuilder.Value] =
            tile.map { [short(0x142, $0), short(0x143, $0)] } ?? [
                short(0x116, statedStripRows ?? stripRows ?? height)
            ]
        let places = tile == nil ? (0x111, 0x117) : (0x144, 0x145)
        var tags = [
            short(0x100, width), short(0x101, height),
            builder.integers(0x102, type: 3, Array(repeating: bits, count: samples)),
            short(0x103, compression), short(0x106, photometric), short(0x10a, isReversed ? 2 : 1),
            short(0x115, samples), short(0x11c, isPlanar ? 2 : 1),
            builder.integers(0x153, type: 3, Array(repeating: format.rawValue, count: samples)),
            builder.integers(places.0, type: 4, offsets),
            builder.integers(places.1, type: 4, sizes),
        ]
        tags += edges + extra
        return builder.block(tags.sorted { $0.tag < $1.tag })
    }

    private func row(_ numbers: [Double]) -> [UInt8] {
        var bytes: [UInt8] = []
        if bits % 8 == 0 {
            bytes = numbers.flatMap { number in
                let stored = stored(number)
                return builder.integer(Int(truncatingIfNeeded: stored), bits / 8)
            }
        } else {
            var pending = 0
            var count = 0
            for number in numbers {
                for bit in (0..<bits).reversed() {
                    pending = pending << 1 | Int(stored(number) >> UInt64(bit) & 1)
                    count += 1
                    if count % 8 == 0 { bytes.append(UInt8(pending & 0xff)) }
                }
            }
            if count % 8 > 0 { bytes.append(UInt8(pending << (8 - count % 8) & 0xff)) }
        }
        return isReversed ? bytes.map(Self.reversed) : bytes
    }

    private static func reversed(_ byte: UInt8) -> UInt8 {
        (0..<8).reduce(0) { $0 | (byte >> UInt8($1) & 1) << UInt8(7 - $1) }
    }

    /// The bits that stand for a number.
    private func stored(_ number: Double) -> UInt64 {
        switch format {
        case .unsigned: return whole(number)
        case .signed: return whole(number) ^ 1 << UInt64(bits - 1)
        case .float:
            switch bits {
            case 16: return UInt64(Float16(number).bitPattern)
            case 24: return Self.float24(number)
            case 32: return UInt64(Float(number).bitPattern)
            default: return number.bitPattern
            }
        }
    }

    /// A number from 0 to 1 as a whole one of so many bits.
    func whole(_ number: Double) -> UInt64 {
        UInt64((number * (Double(1 << UInt64(min(bits, 52))) - 1)).rounded())
            << UInt64(max(bits - 52, 0))
    }

    /// A sign, 7 bits of exponent and 16 of mantissa (Adobe's TIFF Technical Note 3).
    private static func float24(_ number: Double) -> UInt64 {
        guard number > 0 else { return 0 }
        let mantissa = UInt64((number.significand - 1) * 65_536)
        return UInt64(number.exponent + 63) << 16 | mantissa
    }
}

extension TIFFBuilder.Value {
    var tag: Int {
        switch self {
        case .plain(let tag, _, _, _), .directory(let tag, _, _): tag
        }
    }
}
