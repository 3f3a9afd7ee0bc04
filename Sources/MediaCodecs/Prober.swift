import MediaDecoding

/// Answers what a file is without decoding its pixels.
struct Prober {
    let limits: DecoderLimits

    /// Format, size, identity and metadata.
    func probe(_ file: InputFile, _ format: MediaFormat) throws(CodecError) -> MediaProbe {
        format.isVideo ? try video(file, format) : try still(file, format)
    }

    private func still(
        _ file: InputFile, _ format: MediaFormat
    ) throws(CodecError) -> MediaProbe {
        guard file.count <= limits.maximumFileBytes else {
            throw .tooLarge(file.count, limit: limits.maximumFileBytes)
        }
        let stillLimits = StillLimits(maximumPixels: limits.maximumStillPixels)
        let header: StillFile
        var orientation = Orientation.upright
        if format == .heic || format == .avif {
            let picture = try HEIFPicture(
                try file.wholeFile(limit: limits.maximumFileBytes), limits: stillLimits)
            header = StillFile(
                width: picture.width, height: picture.height, blocks: try picture.metadata())
        } else {
            header = try StillFile.read(file, format, limits: limits)
            orientation = header.blocks.orientation
        }
        try stillLimits.check(width: header.width, height: header.height)
        let (width, height) = orientation.size(width: header.width, height: header.height)
        return MediaProbe(
            identity: try AssetIdentity.of(file, format, orientation), kind: .still,
            format: format.rawValue, width: width, height: height,
            metadata: header.blocks.metadata())
    }

    private func video(
        _ file: InputFile, _ format: MediaFormat
    ) throws(CodecError) -> MediaProbe {
        let clip = try VideoFile(file, format, limits: limits)
        return MediaProbe(
            identity: try AssetIdentity.of(file, format, clip.orientation), kind: .video,
            format: format.rawValue, width: clip.width, height: clip.height,
            duration: clip.duration, metadata: clip.metadata)
    }
}
