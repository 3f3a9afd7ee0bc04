import MediaFormats

/// Flash video (Adobe's specification 10.1, annex E).
struct FLVFormat: ClipFormat {
    let formats = [MediaFormat.flv]
    let demuxer = "flv"

    func recognise(_ start: FileStart) -> MediaFormat? {
        start.has(Array("FLV".utf8) + [1]) && start.head.count > 9 ? .flv : nil
    }

    /// Each tag has its size behind it too, so that the last one can be found from the end.
    func isCutShort(_ file: InputFile) throws(CodecError) -> Bool {
        guard let size = try file.integer(at: file.count - 4, size: 4), size >= 11,
            size <= file.count - 4,
            let content = try file.integer(at: file.count - 4 - size + 1, size: 3)
        else { return true }
        return content + 11 != size
    }
}
