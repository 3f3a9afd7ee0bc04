import Imaging
import MediaDecoding
import MediaFormats

/// HEIF (ISO 23008-12) with HEVC or AV1 inside, through libheif; sequences through libav.
struct HEIFFormat: StillFormat {
    static let heic = Self(format: .heic)
    static let avif = Self(format: .avif)

    private let format: MediaFormat
    var formats: [MediaFormat] { [format] }

    func recognise(_ start: FileStart) -> MediaFormat? {
        guard let brands = start.brands, Self.coding(brands) == format else { return nil }
        return format
    }

    /// Which coding the brands promise; `mif1` and `msf1` leave it to those behind them.
    private static func coding(_ brands: [String]) -> MediaFormat? {
        switch brands[0] {
        case "avif", "avis": .avif
        case "heic", "heix", "heim", "heis", "hevc", "hevx": .heic
        case "mif1", "msf1": brands.contains("avif") ? .avif : .heic
        default: nil
        }
    }

    /// libheif applies the file's own rotation; EXIF repeats it and must not be applied again.
    func header(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) -> StillFile {
        var header: StillFile
        switch try HEIFContent(file, limits) {
        case .picture(let picture):
            header = StillFile(
                width: picture.width, height: picture.height, blocks: try picture.metadata(),
                orientation: .upright)
        case .sequence(let clip):
            header = StillFile(width: clip.width, height: clip.height)
        }
        header.blocks.addContainerMoment(try MovieHeader.moment(in: file))
        return header
    }

    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        switch try HEIFContent(file, limits) {
        case .picture(let picture):
            try picture.decode(minimumShortEdge: minimumShortEdge)
        case .sequence(let clip):
            try FrameSampler.first(of: clip, limits, minimumShortEdge: minimumShortEdge)
        }
    }
}
