import CJXL

/// Whether a crash, a full card or a broken transfer cut a JPEG XL file short.
enum JXLEnd {
    /// Bytes put behind a codestream, to see whether the library takes them for a part of it.
    private static let probe = 16

    /// Whether the file ends before its boxes, or its pictures, do.
    static func isCutShort(_ file: [UInt8]) throws(CodecError) -> Bool {
        guard !file.starts(with: JPEGXLFormat.codestream) else { return try endsEarly(file) }
        let boxes = try ISOBox.all(in: file, 0..<file.count)
        guard let last = boxes.last, last.content.upperBound == file.count else { return true }
        // A box that may reach to the end of the file says nothing of where that should be.
        return last.type == "jxlc" ? try endsEarly(Array(file[last.content])) : false
    }

    /// A frame's header tells how long it is; the library skips what is there of frames that nobody wants.
    private static func endsEarly(_ codestream: [UInt8]) throws(CodecError) -> Bool {
        let picture = try JXLPicture(codestream + [UInt8](repeating: 0, count: probe))
        do throws(CodecError) {
            let rest = try picture.read([JXL_DEC_FRAME], acceptsEnd: true) {
                status throws(CodecError) in
                if status == JXL_DEC_NEED_MORE_INPUT { throw .cutShort }
                return true
            }
            return rest < probe
        } catch .cutShort {
            return true
        } catch .rejected {
            // What is wrong is not what is missing.
            return false
        }
    }
}
