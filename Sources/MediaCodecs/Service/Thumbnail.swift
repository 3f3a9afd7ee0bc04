import Imaging
import MediaDecoding
import MediaFormats

/// Small pictures for people to look at: of a still, or of a clip's first whole frame.
struct Thumbnail {
    let limits: DecoderLimits
    /// Coarse enough for a page of a hundred, and fine enough that blocks are not seen.
    private static let quality = 82
    private static let edges = 16...4096

    /// Makes one.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - format: What it is.
    ///   - longestEdge: The most pixels of its longer edge.
    /// - Returns: A JPEG in sRGB, upright.
    /// - Throws: `CodecError`.
    func make(
        _ file: InputFile, _ format: MediaFormat, longestEdge: Int
    ) throws(CodecError) -> [UInt8] {
        guard Self.edges.contains(longestEdge) else {
            throw .failed("a thumbnail of \(longestEdge) pixels")
        }
        return try encoded(
            try picture(file, format, longestEdge: longestEdge), longestEdge: longestEdge)
    }

    /// Makes one of pixels that are there.
    ///
    /// - Parameters:
    ///   - picture: The pixels, perhaps fewer than the file's.
    ///   - longestEdge: The pixels of the thumbnail's longer edge.
    /// - Returns: A JPEG; `nil` where the pixels do not suffice.
    /// - Throws: `CodecError`.
    func make(of picture: RGBImage, longestEdge: Int) throws(CodecError) -> [UInt8]? {
        guard Self.edges.contains(longestEdge), max(picture.width, picture.height) >= longestEdge
        else { return nil }
        return try encoded(picture, longestEdge: longestEdge)
    }

    private func encoded(
        _ picture: RGBImage, longestEdge: Int
    ) throws(CodecError) -> [UInt8] {
        let (width, height) = Self.size(picture.width, picture.height, longestEdge: longestEdge)
        let small =
            width < picture.width || height < picture.height
            ? picture.resized(width: width, height: height) : picture
        return try JPEGEncoder.encode(small, quality: Self.quality)
    }

    /// A picture that is large enough, and hardly larger where the codec can make it so.
    private func picture(
        _ file: InputFile, _ format: MediaFormat, longestEdge: Int
    ) throws(CodecError) -> RGBImage {
        if format.isClip {
            let clip = try VideoFile(file, format, limits: limits)
            return try FrameSampler.first(of: clip, limits, minimumShortEdge: longestEdge)
        }
        let header = try StillFile.read(file, format, limits: limits)
        let size = Self.size(header.width, header.height, longestEdge: longestEdge)
        return try StillReader(limits: limits)
            .read(file, format, minimumShortEdge: min(size.width, size.height))
    }

    /// The size of a thumbnail, its edges in proportion.
    static func size(
        _ width: Int, _ height: Int, longestEdge: Int
    ) -> (width: Int, height: Int) {
        let longer = max(width, height)
        guard longer > longestEdge else { return (width, height) }
        let scale = { (edge: Int) in max((edge * longestEdge + longer / 2) / longer, 1) }
        return (scale(width), scale(height))
    }
}
