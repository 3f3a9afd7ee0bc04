import Imaging

/// The pixels of a bitmap that is not packed: of 1 to 32 bits, with a palette or with any masks.
///
/// libav reads few masks, and takes what fills the fourth byte of a pixel for transparency where no
/// mask says so.
struct BMPPicture {
    private let header: BMPHeader
    private let bytes: [UInt8]
    private let palette: [UInt8]
    private let channels: [Channel]

    /// A channel's bits of a pixel.
    private struct Channel {
        let mask: UInt32
        /// Where its bits begin.
        let shift: UInt32
        /// The highest number that they hold.
        let maximum: UInt32

        init(_ mask: UInt32) {
            self.mask = mask
            shift = mask == 0 ? 0 : UInt32(mask.trailingZeroBitCount)
            maximum = mask >> shift
        }

        func value(_ pixel: UInt32) -> UInt8 {
            guard maximum > 0 else { return 0 }
            let number = UInt64((pixel & mask) >> shift)
            return UInt8((number * 255 + UInt64(maximum) / 2) / UInt64(maximum))
        }
    }

    /// Takes the file; refuses depths that nobody writes.
    init(_ header: BMPHeader, _ bytes: [UInt8]) throws(CodecError) {
        guard [1, 2, 4, 8, 16, 24, 32].contains(header.depth) else {
            throw .damaged("\(header.depth) bits a pixel (BMP)")
        }
        guard !header.isCutShort(bytes.count) else { throw .cutShort }
        self.header = header
        self.bytes = bytes
        channels = header.masks.map(Channel.init)
        let (start, count, size) = header.palette
        var palette: [UInt8] = []
        for index in 0..<count {
            guard let colour = try bytes.bytes(at: start + index * size, count: 3) else { break }
            palette += colour.reversed()
        }
        self.palette = palette
    }

    /// The picture as stored, transparency laid over white.
    func decode() -> RGBImage {
        let hasAlpha = channels.count == 4 && channels[3].maximum > 0 && !isInvisible
        return RGBImage(width: header.width, height: header.height) { y, target in
            forEachPixel(ofRow: y) { x, pixel in
                let place = target + x * 3
                guard !channels.isEmpty else {
                    for channel in 0..<3 {
                        let entry = Int(pixel) * 3 + channel
                        place[channel] = entry < palette.count ? palette[entry] : 0
                    }
                    return
                }
                for channel in 0..<3 { place[channel] = channels[channel].value(pixel) }
                if hasAlpha { Transparency.layOverWhite(place, alpha: channels[3].value(pixel)) }
            }
        }
    }

    /// Whether no pixel would be seen: some programs say that there is alpha, and leave it empty.
    private var isInvisible: Bool {
        for y in 0..<header.height {
            var isEmpty = true
            forEachPixel(ofRow: y) { _, pixel in
                if pixel & channels[3].mask != 0 { isEmpty = false }
            }
            if !isEmpty { return false }
        }
        return true
    }

    private func forEachPixel(ofRow y: Int, _ body: (Int, UInt32) -> Void) {
        let stored = header.isTopDown ? y : header.height - 1 - y
        let depth = header.depth
        bytes.withUnsafeBufferPointer { bytes in
            let row = header.start + stored * header.rowBytes
            for x in 0..<header.width {
                guard depth < 8 else {
                    let place = row + x * depth / 8
                    let pixel = (0..<depth / 8).reduce(UInt32(0)) {
                        $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1)
                    }
                    body(x, pixel)
                    continue
                }
                let bit = x * depth
                let shift = 8 - depth - bit % 8
                body(x, UInt32(bytes[row + bit / 8] >> shift) & (1 << depth - 1))
            }
        }
    }
}
