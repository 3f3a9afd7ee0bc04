import MediaDecoding

/// What the header of a still says, read before anything is decoded.
struct StillFile {
    /// Width as stored.
    var width: Int
    /// Height as stored.
    var height: Int
    /// Orientation and metadata.
    var blocks = MetadataBlocks()

    /// Reads the header of a format that is not left to a library.
    static func read(
        _ file: InputFile, _ format: MediaFormat, limits: DecoderLimits = .standard
    ) throws(CodecError) -> StillFile {
        switch format {
        case .jpeg: try jpeg(file)
        case .png: try PNGFile(file).still()
        case .webp: try WebPFile(file).still()
        case .gif: try GIFHeader.read(file)
        case .bmp: try BMPHeader.read(file)
        case .tiff: try tiff(file, limits: limits)
        case .heic, .avif, .mp4, .mov, .matroska, .webm, .avi: throw MediaFormat.unknown
        }
    }

    /// The frame header (SOF) and the metadata before the first scan, on either side of it.
    private static func jpeg(_ file: InputFile) throws(CodecError) -> StillFile {
        var segments = JPEGSegments(file)
        var size: (width: Int, height: Int)?
        var metadata = JPEGMetadata()
        while let segment = try segments.next(), segment.marker != 0xda {
            let start = segment.content.lowerBound
            switch segment.marker {
            case 0xc0...0xc3, 0xc5...0xc7, 0xc9...0xcb, 0xcd...0xcf:
                guard let height = try file.integer(at: start + 1, size: 2),
                    let width = try file.integer(at: start + 3, size: 2), width > 0, height > 0
                else { throw .damaged("its frame header has no size (JPEG)") }
                size = size ?? (width, height)
            default:
                try metadata.add(marker: segment.marker, segment.content, of: file)
            }
        }
        guard let size else { throw .damaged("it has no frame header (JPEG)") }
        return StillFile(width: size.width, height: size.height, blocks: try metadata.finish())
    }

    /// Size of the first whole page from libtiff, the rest from the first directory.
    private static func tiff(
        _ file: InputFile, limits: DecoderLimits
    ) throws(CodecError) -> StillFile {
        if let structure = try TIFFStructure(file) {
            try checkPieces(of: structure, try structure.mainDirectory(), in: file)
        }
        let picture = try TIFFPicture(
            try file.wholeFile(limit: limits.maximumFileBytes),
            limits: StillLimits(maximumPixels: limits.maximumStillPixels))
        var blocks = MetadataBlocks()
        try blocks.addExif(file)
        return StillFile(width: picture.width, height: picture.height, blocks: blocks)
    }

    /// Refuses a file that ends before its strips (0x0111, 0x0117) or tiles (0x0144, 0x0145) do.
    private static func checkPieces(
        of structure: TIFFStructure, _ main: [Int: TIFFStructure.Entry], in file: InputFile
    ) throws(CodecError) {
        for (offsets, sizes) in [(0x0111, 0x0117), (0x0144, 0x0145)] {
            let offsets = try structure.integers(main[offsets], maximum: 1 << 16) ?? []
            let sizes = try structure.integers(main[sizes], maximum: 1 << 16) ?? []
            guard zip(offsets, sizes).allSatisfy({ $0 + $1 <= file.count }) else { throw .cutShort }
        }
    }
}
