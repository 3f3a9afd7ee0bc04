import CTIFFShim
import Imaging

/// The first whole page of a TIFF or BigTIFF, through libtiff: strips, tiles, planes, every compression
/// that it knows, 1 to 64 bits, whole numbers and floating point, grey, colour, palettes, CMYK, YCbCr,
/// L*a*b*.
final class TIFFPicture {
    /// Width as stored.
    let width: Int
    /// Height as stored.
    let height: Int
    private let tiff: OpaquePointer
    // libtiff reads from these bytes as long as it has the file open.
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    /// Opens the file and checks the page's size; with `acceptsEnd` last rows may be missing.
    init(_ file: [UInt8], limits: StillLimits, acceptsEnd: Bool = false) throws(CodecError) {
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: file.count)
        _ = bytes.initialize(fromContentsOf: file)
        guard let tiff = vignette_tiff_create(bytes.baseAddress, bytes.count) else {
            bytes.deallocate()
            throw .failed("no memory for a TIFF")
        }
        var width: UInt32 = 0
        var height: UInt32 = 0
        let isOpen = vignette_tiff_size(tiff, &width, &height)
        (self.width, self.height) = (Int(width), Int(height))
        self.tiff = tiff
        self.bytes = bytes
        guard isOpen else { throw .damaged("\(message) (TIFF)") }
        try limits.check(width: self.width, height: self.height)
        if let reason = vignette_tiff_unsupported(tiff) {
            throw .rejected("is a TIFF that is not supported: \(String(cString: reason))")
        }
        if acceptsEnd { vignette_tiff_accept_end(tiff) }
    }

    deinit {
        vignette_tiff_destroy(tiff)
        bytes.deallocate()
    }

    private var message: String {
        let text = String(cString: vignette_tiff_message(tiff))
        return text.isEmpty ? "its first page has no size" : text
    }

    /// How many rows are there, from the first on.
    func rows() throws(CodecError) -> Int {
        guard vignette_tiff_load(tiff) else { throw fault }
        return Int(vignette_tiff_rows(tiff))
    }

    /// The page in sRGB, transparency laid over white and grey in the place of missing rows; `colour` is
    /// what its numbers stand for if it has no profile.
    func decode(colour: ColourDescription? = nil) throws(CodecError) -> RGBImage {
        let rows = try rows()
        return Incomplete.cover(converted(colour), from: rows, of: height)
    }

    /// The rows that were loaded.
    private func converted(_ colour: ColourDescription?) -> RGBImage {
        let samples = vignette_tiff_samples(tiff)
        guard samples != vignette_tiff_lab else { return lab() }
        let model: ColourModel =
            switch samples {
            case vignette_tiff_grey: .grey
            case vignette_tiff_cmyk: .cmyk
            default: .rgb
            }
        let picture = DeepPicture(width: width, height: height, model: model) { [tiff] y, row in
            vignette_tiff_row(tiff, UInt32(y), row)
        }
        let conversion = ColourConversion.of(profile ?? colour, model)
        return withExtendedLifetime(self) { conversion?.convert(picture) ?? picture.asSRGB() }
    }

    /// What became of decoding: libtiff leaves JPEG inside to libjpeg, which does not read every kind, and
    /// tells only here that it cannot put planes of different sizes (YCbCr) together.
    private var fault: CodecError {
        let message = message
        if message.hasPrefix("no memory") { return .failed("\(message) (TIFF)") }
        let isKind = [
            "Unsupported JPEG", "too many samples", "Sorry, can not handle image",
        ].contains { message.hasPrefix($0) }
        return isKind
            ? .rejected("is a TIFF that is not supported: \(message)")
            : .damaged("\(message) (TIFF)")
    }

    private var profile: ColourDescription? {
        var count = 0
        guard let start = vignette_tiff_profile(tiff, &count), count <= ICCProfile.maximumBytes
        else { return nil }
        return .profile(Array(UnsafeBufferPointer(start: start, count: count)))
    }

    /// L*a*b* is against a white of its own where the page names one (TIFF 6.0, section 23).
    private func lab() -> RGBImage {
        var white: (Float, Float) = (0, 0)
        let isKnown = vignette_tiff_white(tiff, &white.0, &white.1)
        let point = Chromaticities.Point(Double(white.0), Double(white.1))
        return LabConversion(white: isKnown ? point : nil)
            .image(width: width, height: height) { y, row in
                vignette_tiff_row(tiff, UInt32(y), row)
            }
    }
}
