/// Tells clips that were copied halfway by the sizes that containers announce.
enum ContainerEnd {
    /// Refuses a file that ends before its container does.
    static func check(_ file: InputFile, _ format: MediaFormat) throws(CodecError) {
        switch format {
        case .mp4, .mov:
            _ = try ISOBoxes(file)
        case .avi:
            // Some programs write the file's size, eight bytes more than the content behind it.
            guard let size = try file.integer(at: 4, size: 4, .little), size <= file.count
            else { throw .cutShort }
        case .matroska, .webm:
            try checkSegment(of: file)
        default: break
        }
    }

    /// EBML (RFC 8794): the header element, then one segment, each with its size before it.
    private static func checkSegment(of file: InputFile) throws(CodecError) {
        guard let header = try size(in: file, at: 4), let length = header.value else { return }
        let start = 4 + header.bytes + min(length, file.count)
        guard try file.integer(at: start, size: 4) == 0x1853_8067,
            let segment = try size(in: file, at: start + 4)
        else { throw .damaged("it has no segment (Matroska)") }
        // A recording that was streamed does not know its size.
        guard let length = segment.value else { return }
        guard length <= file.count - start - 4 - segment.bytes else { throw .cutShort }
    }

    /// A number whose first byte's leading zeros say how many bytes it has; all ones is "unknown".
    private static func size(
        in file: InputFile, at offset: Int
    ) throws(CodecError) -> (bytes: Int, value: Int?)? {
        guard let first = try file.integer(at: offset, size: 1), first != 0 else { return nil }
        let bytes = UInt8(first).leadingZeroBitCount + 1
        guard let raw = try file.integer(at: offset, size: bytes) else { return nil }
        let mask = 1 << (7 * bytes) - 1
        let value = raw & mask
        return (bytes, value == mask ? nil : value)
    }
}
