import MediaDecoding
import MediaFormats

/// Answers what a file is without decoding its pixels.
struct Prober {
    let limits: DecoderLimits

    /// Format, size, identity and metadata.
    func probe(_ file: InputFile, _ format: MediaFormat) throws(CodecError) -> MediaProbe {
        format.isClip ? try clip(file, format) : try still(file, format)
    }

    private func still(
        _ file: InputFile, _ format: MediaFormat
    ) throws(CodecError) -> MediaProbe {
        let header = try StillFile.read(file, format, limits: limits)
        let (width, height) = header.orientation.size(width: header.width, height: header.height)
        var metadata = header.blocks.metadata()
        metadata.motionPhoto = try AppendedClip(file)
            .motionPhoto(format, stated: metadata.motionPhoto)
        return MediaProbe(
            identity: try identity(of: file, FileFormats.still(format), header.orientation),
            kind: .still, format: format.name, width: width, height: height,
            metadata: metadata, isIncomplete: header.isIncomplete)
    }

    private func clip(
        _ file: InputFile, _ format: MediaFormat
    ) throws(CodecError) -> MediaProbe {
        let clip = try VideoFile(file, format, limits: limits)
        return MediaProbe(
            identity: try identity(of: file, FileFormats.clip(format), clip.orientation),
            kind: .video, format: format.name, width: clip.width, height: clip.height,
            duration: clip.duration, metadata: try clip.metadata(), isIncomplete: clip.isIncomplete)
    }

    private func identity(
        of file: InputFile, _ format: any FileFormat, _ orientation: Orientation
    ) throws(CodecError) -> [UInt8] {
        var hash = AssetHash(file, format.identityName, orientation)
        try format.addImageData(of: file, to: &hash)
        return hash.finish()
    }
}
