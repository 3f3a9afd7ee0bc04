import SystemPackage

/// Which bytes of each format are the image data.
///
/// JPEG: all segments and scans but APPn and COM; of APP14 the colour transform, which changes what
/// is seen. PNG and WebP: the chunks that hold pixels. MP4 and MOV: what the `mdat` boxes hold, so
/// that the index may move to the front. All others: the whole file, of long clips a sample.
enum AssetIdentity {
    /// Chunks of PNG that hold pixels, those of animations (APNG) among them.
    private static let pngChunks: Set = ["IHDR", "PLTE", "tRNS", "IDAT", "acTL", "fcTL", "fdAT"]
    /// Chunks of WebP that hold pixels.
    private static let webpChunks: Set = ["VP8 ", "VP8L", "ALPH", "ANMF"]

    /// The identity of a file of that format, seen with that orientation.
    static func of(
        _ file: InputFile, _ format: MediaFormat, _ orientation: Orientation
    ) throws(CodecError) -> [UInt8] {
        var hash = AssetHash(file, format, orientation)
        switch format {
        case .jpeg:
            try addJPEG(file, to: &hash)
        case .png:
            for chunk in try PNGFile(file).chunks where pngChunks.contains(chunk.type) {
                try hash.add(chunk.type, chunk.content)
            }
        case .webp:
            for chunk in try WebPFile(file).chunks where webpChunks.contains(chunk.type) {
                try hash.add(chunk.type, chunk.content)
            }
        case .mp4, .mov:
            let data = try ISOBoxes(file).mediaData
            try hash.addSample("mdat", data.isEmpty ? [0..<file.count] : data)
        case .matroska, .webm, .avi:
            try hash.addSample("file", [0..<file.count])
        case .gif, .bmp, .tiff, .heic, .avif:
            try hash.add("file", 0..<file.count)
        }
        return hash.finish()
    }

    private static func addJPEG(_ file: InputFile, to hash: inout AssetHash) throws(CodecError) {
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
