import Imaging
import MediaDecoding
import MediaFormats

/// JPEG (ITU T.81), through libjpeg-turbo.
struct JPEGFormat: StillFormat {
    let formats = [MediaFormat.jpeg]

    func recognise(_ start: FileStart) -> MediaFormat? {
        start.has([0xff, 0xd8, 0xff]) ? .jpeg : nil
    }

    /// The frame header (SOF) and the metadata before the first scan, on either side of it.
    func header(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) -> StillFile {
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

    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        let profile = try JPEGProfile.read(file).map { ColourDescription.profile($0) }
        return try JPEGDecoder(limits: limits.still).decode(
            file.still(limits), colour: profile ?? header.blocks.colour,
            minimumShortEdge: minimumShortEdge)
    }

    /// All segments and scans but APPn and COM; of APP14 the colour transform, which changes what is
    /// seen.
    func addImageData(of file: InputFile, to hash: inout AssetHash) throws(CodecError) {
        var segments = JPEGSegments(file)
        while let segment = try segments.next() {
            switch segment.marker {
            case 0xee where segment.content.count >= 12:
                let start = segment.content.lowerBound
                guard try file.bytes(at: start, count: 5) == Array("Adobe".utf8) else { continue }
                try hash.add("transform", start + 11..<start + 12)
            case 0xe0...0xef, 0xfe: continue
            default: try hash.add("\(segment.marker)", segment.content)
            }
        }
    }
}
