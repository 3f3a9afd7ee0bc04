import MediaFormats

/// AVI (Microsoft's RIFF, with OpenDML's parts beyond the first).
struct AVIFormat: ClipFormat {
    let formats = [MediaFormat.avi]
    let demuxer = "avi"

    func recognise(_ start: FileStart) -> MediaFormat? {
        start.head.count >= 16 && start.has("RIFF") && start.code(at: 8) == "AVI " ? .avi : nil
    }

    /// Follows the parts of the file, of which each but the first holds a gigabyte or so.
    ///
    /// Some programs write the file's size, eight bytes more than the content behind it. A recorder fills
    /// in the size when it ends; one that did not come to that left none, or one that cannot be.
    func isCutShort(_ file: InputFile) throws(CodecError) -> Bool {
        var position = 0
        while try file.bytes(at: position, count: 4) == Array("RIFF".utf8),
            let size = try file.integer(at: position + 4, size: 4, .little)
        {
            guard size > 0, position + size <= file.count else { return true }
            position += 8 + size + size % 2
        }
        return false
    }
}
