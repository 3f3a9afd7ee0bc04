import MediaFormats

/// MP4 and its relatives (ISO 14496-12), and QuickTime, from which it comes.
struct MP4Format: ClipFormat {
    /// Boxes with which QuickTime files begin that are older than brands.
    private static let firstBoxes = ["moov", "mdat", "wide", "skip", "free", "pnot"]

    let formats = [MediaFormat.mp4, .mov]
    let demuxer = "mov"
    let demuxerOptions = ["export_xmp": "1"]

    func recognise(_ start: FileStart) -> MediaFormat? {
        if let brands = start.brands { return brands[0] == "qt  " ? .mov : .mp4 }
        return start.head.count >= 16 && Self.firstBoxes.contains(start.code(at: 4)) ? .mov : nil
    }

    func checkEnd(of file: InputFile) throws(CodecError) {
        _ = try ISOBoxes(file)
    }

    /// What the `mdat` boxes hold, so that the index may move to the front.
    func addImageData(of file: InputFile, to hash: inout AssetHash) throws(CodecError) {
        let data = try ISOBoxes(file).mediaData
        try hash.addSample("mdat", data.isEmpty ? [0..<file.count] : data)
    }
}
