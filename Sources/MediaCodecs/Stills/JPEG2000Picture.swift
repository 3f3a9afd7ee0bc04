import COpenJPEGShim
import Imaging

/// A JPEG 2000 picture, through OpenJPEG.
final class JPEG2000Picture {
    /// Width as stored.
    let width: Int
    /// Height as stored.
    let height: Int
    private let picture: OpaquePointer
    // OpenJPEG reads from these bytes as long as it has the file open.
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    /// Opens the file and reads its header.
    init(_ file: [UInt8], isCodestream: Bool) throws(CodecError) {
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: file.count)
        _ = bytes.initialize(fromContentsOf: file)
        guard let picture = vignette_j2k_open(bytes.baseAddress, bytes.count, isCodestream) else {
            bytes.deallocate()
            throw .failed("no memory for a JPEG 2000")
        }
        var (width, height): (UInt32, UInt32) = (0, 0)
        let isOpen = vignette_j2k_size(picture, &width, &height)
        (self.width, self.height) = (Int(width), Int(height))
        self.picture = picture
        self.bytes = bytes
        guard isOpen else { throw fault }
    }

    deinit {
        vignette_j2k_close(picture)
        bytes.deallocate()
    }

    /// The picture in sRGB, its edges halved as often as `minimumShortEdge` allows; `colour` is what its
    /// numbers stand for if it has no profile.
    func decode(
        colour: ColourDescription?, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        var halvings: UInt32 = 0
        if let minimumShortEdge {
            let possible = vignette_j2k_halvings(picture)
            while halvings < possible, min(width, height) >> (halvings + 1) >= minimumShortEdge {
                halvings += 1
            }
        }
        guard vignette_j2k_decode(picture, halvings) else { throw fault }
        var (width, height): (UInt32, UInt32) = (0, 0)
        guard vignette_j2k_size(picture, &width, &height) else { throw fault }
        let model: ColourModel =
            switch vignette_j2k_channels(picture) {
            case vignette_j2k_rgb: .rgb
            case vignette_j2k_cmyk: .cmyk
            default: .grey
            }
        let deep = DeepPicture(width: Int(width), height: Int(height), model: model) {
            [picture] y, row in
            vignette_j2k_row(picture, UInt32(y), row)
        }
        let conversion = ColourConversion.of(profile ?? colour, model)
        return withExtendedLifetime(self) { conversion?.convert(deep) ?? deep.asSRGB() }
    }

    private var profile: ColourDescription? {
        var count = 0
        guard let start = vignette_j2k_profile(picture, &count), count <= ICCProfile.maximumBytes
        else { return nil }
        return .profile(Array(UnsafeBufferPointer(start: start, count: count)))
    }

    private var fault: CodecError {
        let message = String(cString: vignette_j2k_message(picture))
        return .damaged("\(message.isEmpty ? "it has no picture" : message) (JPEG 2000)")
    }
}
