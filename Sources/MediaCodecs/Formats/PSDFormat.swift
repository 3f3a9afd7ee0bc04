import Imaging
import MediaDecoding
import MediaFormats

/// Photoshop's PSD, and PSB for large pictures: the flat picture, not its layers.
struct PSDFormat: StillFormat {
    let formats = [MediaFormat.psd]

    func recognise(_ start: FileStart) -> MediaFormat? {
        start.has("8BPS\0\u{1}") || start.has("8BPS\0\u{2}") ? .psd : nil
    }

    func header(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) -> StillFile {
        let psd = try PSDFile(file)
        var blocks = MetadataBlocks()
        try blocks.addPhotoshopResources(psd.resources)
        return StillFile(width: psd.width, height: psd.height, blocks: blocks)
    }

    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        guard file.count <= limits.maximumFileBytes else {
            throw .tooLarge(file.count, limit: limits.maximumFileBytes)
        }
        return try PSDPicture(PSDFile(file), of: file).decode()
    }
}
