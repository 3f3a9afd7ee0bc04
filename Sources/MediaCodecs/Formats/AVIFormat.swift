import MediaFormats

/// AVI (Microsoft's RIFF, with OpenDML's parts beyond the first).
struct AVIFormat: ClipFormat {
    let formats = [MediaFormat.avi]
    let demuxer = "avi"

    func recognise(_ start: FileStart) -> MediaFormat? {
        start.head.count >= 16 && start.has("RIFF") && start.code(at: 8) == "AVI " ? .avi : nil
    }

    /// Some programs write the file's size, eight bytes more than the content behind it.
    func checkEnd(of file: InputFile) throws(CodecError) {
        guard let size = try file.integer(at: 4, size: 4, .little), size <= file.count
        else { throw .cutShort }
    }
}
