/// The headers of a Windows bitmap, or of OS/2's (Microsoft, “Bitmap Header Types”).
struct BMPHeader {
    /// Sizes of the information headers that there have been.
    static let sizes = [12, 16, 40, 52, 56, 64, 108, 124]

    /// How pixels are stored.
    enum Coding {
        /// Bits of a channel each, or indices into the palette.
        case plain
        /// Run lengths, of one row after the other.
        case runs
        /// Anything else, by its number: whole files of JPEG or PNG, Huffman's codes.
        case other(Int)
    }

    let width: Int
    let height: Int
    /// Whether the first row stands first; most bitmaps begin with the last.
    let isTopDown: Bool
    /// Bits of a pixel.
    let depth: Int
    let coding: Coding
    /// Which bits of a pixel are red, green, blue and alpha; 0 for none.
    ///
    /// Empty where there is a palette.
    let masks: [UInt32]
    /// Where the palette stands, how many colours it has, and bytes of each.
    let palette: (start: Int, count: Int, size: Int)
    /// Where the rows begin.
    let start: Int

    /// Reads them.
    init(_ file: some ByteSource) throws(CodecError) {
        guard let stated = try file.integer(at: 10, size: 4, .little),
            let size = try file.integer(at: 14, size: 4, .little)
        else { throw .cutShort }
        let field = size == 12 ? 2 : 4
        guard let width = try file.integer(at: 18, size: field, .little),
            let stored = try file.integer(at: 18 + field, size: field, .little),
            let depth = try file.integer(at: 18 + 2 * field + 2, size: 2, .little)
        else { throw .cutShort }
        // Rows stored from the top down have a negative height.
        let signed = field == 4 ? Int(Int32(truncatingIfNeeded: stored)) : stored
        guard width > 0, width < 1 << 31 else { throw .damaged("its width is \(width) (BMP)") }
        (self.width, height, isTopDown) = (width, abs(signed), signed < 0)
        self.depth = depth
        let compression = size < 20 ? 0 : try file.integer(at: 30, size: 4, .little) ?? 0
        // OS/2 has codings of its own by the numbers that Windows has for masks and JPEG.
        let hasMasks = [3, 6].contains(compression) && size != 64
        coding =
            switch compression {
            case 0: .plain
            case 3 where hasMasks, 6: .plain
            case 1, 2: .runs
            default: .other(compression)
            }
        masks = try Self.masks(
            file, depth, hasMasks: hasMasks, hasAlpha: size >= 56 || compression == 6)
        let behind = hasMasks && size == 40 ? compression == 6 ? 16 : 12 : 0
        let used = size < 36 ? 0 : try file.integer(at: 46, size: 4, .little) ?? 0
        palette = (
            14 + size + behind, depth > 8 ? 0 : used > 0 ? min(used, 256) : 1 << depth,
            size == 12 ? 3 : 4
        )
        // Some programs forget the palette, and say that the rows begin where it does.
        start = stated > palette.start ? stated : palette.start + palette.count * palette.size
    }

    private static func masks(
        _ file: some ByteSource, _ depth: Int, hasMasks: Bool, hasAlpha: Bool
    ) throws(CodecError) -> [UInt32] {
        guard depth > 8 else { return [] }
        guard hasMasks else {
            return depth == 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0]
        }
        var masks: [UInt32] = []
        for channel in 0..<4 {
            guard channel < 3 || hasAlpha else { return masks + [0] }
            let mask = try file.integer(at: 54 + channel * 4, size: 4, .little)
            guard let mask else { throw .cutShort }
            masks.append(UInt32(truncatingIfNeeded: mask))
        }
        return masks
    }

    /// Bytes of a row.
    var rowBytes: Int { (width * depth + 31) / 32 * 4 }

    /// Whether the file ends before its rows do; of run lengths only decoding tells.
    ///
    /// What fills the last row up may be missing.
    func isCutShort(_ count: Int) -> Bool {
        guard case .plain = coding, height > 0 else { return false }
        let (bytes, overflow) = rowBytes.multipliedReportingOverflow(by: height - 1)
        return overflow || bytes > count - start - (width * depth + 7) / 8
    }
}
