import Glibc
import Imaging

/// The flat picture of a PSD: one channel after the other, each row by row.
struct PSDPicture {
    private let psd: PSDFile
    /// The channels that are colours, and the transparency behind them.
    private let planes: [[UInt8]]

    /// Unpacks the channels that are seen.
    init(_ psd: PSDFile, of file: some ByteSource) throws(CodecError) {
        self.psd = psd
        let opacity = psd.hasTransparency && psd.channels > psd.colours ? 1 : 0
        let count = psd.colours + opacity
        guard count <= psd.channels else {
            throw .damaged("\(psd.channels) channels are too few (PSD)")
        }
        planes =
            psd.compression == 0
            ? try Self.stored(psd, count, file) : try Self.unpacked(psd, count, file)
    }

    private static func stored(
        _ psd: PSDFile, _ count: Int, _ file: some ByteSource
    ) throws(CodecError) -> [[UInt8]] {
        let size = psd.rowBytes * psd.height
        var planes: [[UInt8]] = []
        for index in 0..<count {
            guard let plane = try file.bytes(at: psd.start + index * size, count: size) else {
                throw .cutShort
            }
            planes.append(plane)
        }
        return planes
    }

    /// Rows in PackBits (TIFF 6.0, section 9), the lengths of all of them before the first.
    private static func unpacked(
        _ psd: PSDFile, _ count: Int, _ file: some ByteSource
    ) throws(CodecError) -> [[UInt8]] {
        let lengthSize = psd.isLarge ? 4 : 2
        var position = psd.start + psd.channels * psd.height * lengthSize
        var planes: [[UInt8]] = []
        for index in 0..<count {
            let table = psd.start + index * psd.height * lengthSize
            guard let lengths = try file.bytes(at: table, count: psd.height * lengthSize) else {
                throw .cutShort
            }
            var plane: [UInt8] = []
            plane.reserveCapacity(psd.rowBytes * psd.height)
            for y in 0..<psd.height {
                let length = try lengths.integer(at: y * lengthSize, size: lengthSize) ?? 0
                guard let packed = try file.bytes(at: position, count: length) else {
                    throw .cutShort
                }
                PackBits.unpack(packed, to: &plane, count: psd.rowBytes)
                position += length
            }
            planes.append(plane)
        }
        return planes
    }

    /// The picture in sRGB, transparency laid over white.
    func decode() throws(CodecError) -> RGBImage {
        if psd.mode == .lab { return lab() }
        let model: ColourModel =
            switch psd.mode {
            case .cmyk: .cmyk
            case .rgb, .palette: .rgb
            default: .grey
            }
        let deep = DeepPicture(width: psd.width, height: psd.height, model: model) { y, row in
            fill(row, y, model.channels)
        }
        let conversion = ColourConversion.of(try colour(), model)
        return conversion?.convert(deep) ?? deep.asSRGB()
    }

    /// The profile; without one floating point is light.
    private func colour() throws(CodecError) -> ColourDescription? {
        for (number, data) in try PhotoshopResources.metadata(in: psd.resources)
        where number == .profile { return .profile(data) }
        return psd.depth == 32 ? .coded(CodedColour(primaries: 1, transfer: 8)) : nil
    }

    private func lab() -> RGBImage {
        LabConversion().image(width: psd.width, height: psd.height) { y, row in fill(row, y, 3) }
    }

    /// A row of 16 bits a channel, transparency laid over white.
    private func fill(_ row: UnsafeMutablePointer<UInt16>, _ y: Int, _ channels: Int) {
        for x in 0..<psd.width {
            let opacity = planes.count > psd.colours ? Int(sample(psd.colours, x, y)) : 65_535
            for channel in 0..<channels {
                let own = Int(colour(channel, x, y))
                let paper =
                    psd.mode == .cmyk ? 0 : psd.mode == .lab && channel > 0 ? 32_768 : 65_535
                let sum = own * opacity + paper * (65_535 - opacity)
                row[x * channels + channel] = UInt16((sum + 32_767) / 65_535)
            }
        }
    }

    private func colour(_ channel: Int, _ x: Int, _ y: Int) -> UInt16 {
        switch psd.mode {
        case .palette:
            let entry = channel * 256 + Int(planes[0][y * psd.rowBytes + x])
            return entry < psd.palette.count ? UInt16(psd.palette[entry]) * 257 : 0
        // Inks are stored as what they leave of the paper, and a bitmap's ones are black.
        case .cmyk: return .max - sample(channel, x, y)
        default: return sample(channel, x, y)
        }
    }

    private func sample(_ channel: Int, _ x: Int, _ y: Int) -> UInt16 {
        let start = y * psd.rowBytes
        return planes[channel].withUnsafeBufferPointer { plane in
            switch psd.depth {
            case 1: return plane[start + x / 8] >> (7 - x % 8) & 1 == 1 ? 0 : .max
            case 8: return UInt16(plane[start + x]) * 257
            case 16:
                let place = start + x * 2
                return UInt16(plane[place]) << 8 | UInt16(plane[place + 1])
            default:
                let place = start + x * 4
                let bits = (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(plane[place + $1]) }
                let value = Float(bitPattern: bits)
                return value > 0 ? UInt16(min(value, 1) * 65_535 + 0.5) : 0
            }
        }
    }
}

/// Apple's run lengths (TIFF 6.0, section 9).
enum PackBits {
    /// Appends exactly `count` bytes; zeros for what is missing.
    static func unpack(_ packed: [UInt8], to plane: inout [UInt8], count: Int) {
        let end = plane.count + count
        var place = 0
        while place < packed.count, plane.count < end {
            let code = Int(Int8(bitPattern: packed[place]))
            place += 1
            if code >= 0 {
                let run = packed[place..<min(place + code + 1, packed.count)]
                plane += run.prefix(end - plane.count)
                place += code + 1
            } else if code > -128, place < packed.count {
                let repeated = min(1 - code, end - plane.count)
                plane.append(contentsOf: repeatElement(packed[place], count: repeated))
                place += 1
            }
        }
        plane.append(contentsOf: repeatElement(0, count: end - plane.count))
    }
}
