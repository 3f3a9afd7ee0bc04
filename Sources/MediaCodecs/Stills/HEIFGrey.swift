import CHEIF
import Imaging

/// Grey pictures of HEIF files, from their one plane.
///
/// Asked for colours, libheif copies the shades of a grey picture as they are stored, although most are in
/// the range of television, where black is 16 of 255 and white 235 (H.273, 8.3: `VideoFullRangeFlag` 0).
enum HEIFGrey {
    /// Whether all pictures of the file are coded without colours, as the plane of alpha always is.
    ///
    /// The decoders' configurations say so: `av1C` (AV1 in ISOBMFF, 2.3.3) and `hvcC` (ISO 14496-15, 8.3.3.1).
    static func isAllGrey(_ file: [UInt8]) -> Bool {
        guard let properties = try? properties(of: file) else { return false }
        var count = 0
        for property in properties {
            let start = property.content.lowerBound
            let monochrome: Bool?
            switch property.type {
            case "av1C": monochrome = file.byte(at: start + 2, of: property).map { $0 & 0x10 != 0 }
            case "hvcC": monochrome = file.byte(at: start + 16, of: property).map { $0 & 3 == 0 }
            default: continue
            }
            guard monochrome == true else { return false }
            count += 1
        }
        return count > 0
    }

    private static func properties(of file: [UInt8]) throws(CodecError) -> [ISOBox] {
        func content(_ type: String, in range: Range<Int>) throws(CodecError) -> Range<Int> {
            try ISOBox.all(in: file, range).first { $0.type == type }?.content ?? 0..<0
        }
        let meta = try content("meta", in: 0..<file.count)
        guard meta.count >= 4 else { return [] }
        let all = try content("iprp", in: meta.lowerBound + 4..<meta.upperBound)
        return try ISOBox.all(in: file, try content("ipco", in: all))
    }

    /// The shades of a decoded picture of one plane, alpha laid over `paper`; `nil` if it is none.
    ///
    /// - Parameters:
    ///   - image: What libheif decoded; it must live as long as the picture's rows are wanted.
    ///   - paper: The number that stands for white paper.
    /// - Returns: Grey of 16 bits, black at 0 and white at 65,535.
    static func picture(_ image: OpaquePointer, paper: UInt16) -> DeepPicture? {
        guard heif_image_get_colorspace(image) == heif_colorspace_monochrome,
            let shades = Plane(image, heif_channel_Y, isLimited: isLimited(image))
        else { return nil }
        let alpha = Plane(image, heif_channel_Alpha, isLimited: false)
        guard alpha.map({ $0.width == shades.width && $0.height == shades.height }) ?? true
        else { return nil }
        return DeepPicture(width: shades.width, height: shades.height, model: .grey) { y, target in
            for x in 0..<shades.width {
                let shade = shades.sample(x, y)
                guard let alpha else {
                    target[x] = UInt16(shade)
                    continue
                }
                let share = alpha.sample(x, y)
                let sum = shade * share + Int(paper) * (65_535 - share)
                target[x] = UInt16((sum + 32_767) / 65_535)
            }
        }
    }

    /// What the file says of the range or else the coded picture.
    private static func isLimited(_ image: OpaquePointer) -> Bool {
        var profile: UnsafeMutablePointer<heif_color_profile_nclx>?
        let error = heif_image_get_nclx_color_profile(image, &profile)
        guard error.code == heif_error_Ok, let profile else { return false }
        defer { heif_nclx_color_profile_free(profile) }
        return profile.pointee.full_range_flag == 0
    }

    /// One plane of a decoded picture.
    private struct Plane {
        let width: Int
        let height: Int
        private let start: UnsafePointer<UInt8>
        private let stride: Int
        private let isDeep: Bool
        /// What is stored for black, and by how much white is more.
        private let black: Int
        private let span: Int

        init?(_ image: OpaquePointer, _ channel: heif_channel, isLimited: Bool) {
            guard heif_image_has_channel(image, channel) != 0 else { return nil }
            var stride: Int32 = 0
            let bits = Int(heif_image_get_bits_per_pixel_range(image, channel))
            guard (8...16).contains(bits),
                let start = heif_image_get_plane_readonly(image, channel, &stride)
            else { return nil }
            self.start = start
            self.stride = Int(stride)
            width = Int(heif_image_get_width(image, channel))
            height = Int(heif_image_get_height(image, channel))
            isDeep = bits > 8
            black = isLimited ? 16 << (bits - 8) : 0
            span = isLimited ? 219 << (bits - 8) : 1 << bits - 1
        }

        /// A number of 16 bits.
        func sample(_ x: Int, _ y: Int) -> Int {
            let row = start + y * stride
            let stored =
                isDeep ? Int(row[x * 2]) | Int(row[x * 2 + 1]) << 8 : Int(row[x])
            return min(max(((stored - black) * 65_535 + span / 2) / span, 0), 65_535)
        }
    }
}

extension [UInt8] {
    /// A byte of a box's content; `nil` beyond it.
    fileprivate func byte(at offset: Int, of box: ISOBox) -> UInt8? {
        box.content.contains(offset) && offset < count ? self[offset] : nil
    }
}
