import MediaFormats

/// MP4 and its relatives (ISO 14496-12), and QuickTime, from which it comes.
struct MP4Format: ClipFormat {
    /// Boxes with which QuickTime files begin that are older than brands.
    private static let firstBoxes = ["moov", "mdat", "wide", "skip", "free", "pnot"]

    let formats = [MediaFormat.mp4, .mov, .telephoneClip]
    let demuxer = "mov"
    let demuxerOptions = ["export_xmp": "1"]

    func recognise(_ start: FileStart) -> MediaFormat? {
        if let brand = start.brands?[0] {
            if brand.hasPrefix("3g") { return .telephoneClip }
            return brand == "qt  " ? .mov : .mp4
        }
        return start.head.count >= 16 && Self.firstBoxes.contains(start.code(at: 4)) ? .mov : nil
    }

    /// Without its index nothing of a clip can be read, and most recorders write it at the end.
    func isCutShort(_ file: InputFile) throws(CodecError) -> Bool {
        let boxes = try ISOBoxes(file)
        guard boxes.hasIndex else {
            throw .rejected(
                "is cut short: the index (moov) is missing, without which nothing of the clip can be "
                    + "read; copy it again, or let a program for repairs make one")
        }
        return boxes.isCutShort
    }

    /// What the `mdat` boxes hold, so that the index may move to the front.
    func addImageData(of file: InputFile, to hash: inout AssetHash) throws(CodecError) {
        let data = try ISOBoxes(file).mediaData
        try hash.addSample("mdat", data.isEmpty ? [0..<file.count] : data)
    }
}
