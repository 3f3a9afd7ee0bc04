import Imaging
import MediaDecoding
import MediaFormats

/// JPEG (ITU T.81), through libjpeg-turbo; lossless JPEG through libav.
struct JPEGFormat: StillFormat {
    let formats = [MediaFormat.jpeg]

    func recognise(_ start: FileStart) -> MediaFormat? {
        start.has([0xff, 0xd8, 0xff]) ? .jpeg : nil
    }

    func header(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) -> StillFile {
        let header = try JPEGHeader(file)
        try header.checkSupport()
        try limits.still.check(width: header.width, height: header.height)
        return StillFile(
            width: header.width, height: header.height, blocks: header.blocks,
            isIncomplete: try JPEGEnd(of: file, limits: limits).isIncomplete)
    }

    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        let bytes = try file.still(limits)
        let parts = try JPEGHeader(bytes)
        let colour = parts.profile.map { ColourDescription.profile($0) } ?? header.blocks.colour
        if case .lossless = parts.coding {
            return try LibAVStill(codec: .losslessJPEG, limits: limits.still).decode(
                bytes, colour: colour, minimumShortEdge: minimumShortEdge)
        }
        return try JPEGDecoder(limits: limits.still, acceptsEnd: header.isIncomplete).decode(
            header.isIncomplete ? JPEGEnd.picture(bytes) : bytes,
            colour: colour, minimumShortEdge: minimumShortEdge)
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
