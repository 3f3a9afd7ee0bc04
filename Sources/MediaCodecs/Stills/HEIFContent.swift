import MediaDecoding
import MediaFormats

/// What of a HEIF file is described: its main picture, or without one the first of a sequence.
enum HEIFContent {
    case picture(HEIFPicture)
    case sequence(VideoFile)

    /// Opens the file.
    init(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) {
        let bytes = try file.still(limits)
        let boxes = try ISOBox.all(in: bytes, 0..<bytes.count)
        do throws(CodecError) {
            self = .picture(
                try HEIFPicture(Self.withoutAppended(bytes, boxes), limits: limits.still))
        } catch {
            guard case .rejected = error, boxes.contains(where: { $0.type == "moov" }),
                let clip = try? VideoFile(file, .mp4, limits: limits)
            else { throw error }
            self = .sequence(clip)
        }
    }

    /// The file up to where another one begins: telephones append an MP4, whose brands libheif would
    /// take for the picture's.
    private static func withoutAppended(_ bytes: [UInt8], _ boxes: [ISOBox]) -> [UInt8] {
        let brands = boxes.filter { $0.type == "ftyp" }
        guard brands.count > 1,
            let end = boxes.last(where: { $0.content.upperBound < brands[1].content.lowerBound })
        else { return bytes }
        return Array(bytes[..<end.content.upperBound])
    }
}
