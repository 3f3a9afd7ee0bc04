import CJXL

/// Collects the boxes with metadata while libjxl walks through a file and unpacks them.
struct JXLBoxes {
    /// Bytes that are asked for at a time.
    private static let piece = 1 << 16

    private let decoder: OpaquePointer
    private var current: (type: String, bytes: [UInt8])?
    /// Where the library writes to.
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private var found: [(type: String, bytes: [UInt8])] = []

    init(decoder: OpaquePointer) {
        self.decoder = decoder
        buffer = .allocate(capacity: Self.piece)
        buffer.initialize(repeating: 0)
    }

    /// Takes an event; always wants the next.
    mutating func take(_ status: JxlDecoderStatus) -> Bool {
        switch status {
        case JXL_DEC_BOX:
            finish()
            begin()
        case JXL_DEC_BOX_NEED_MORE_OUTPUT:
            drain()
            JxlDecoderSetBoxBuffer(decoder, buffer.baseAddress, buffer.count)
        default: break
        }
        return true
    }

    /// What was found; nothing can be taken afterwards.
    mutating func blocks() throws(CodecError) -> MetadataBlocks {
        finish()
        buffer.deallocate()
        var blocks = MetadataBlocks()
        for (type, bytes) in found {
            if type == "xml " {
                blocks.addXMP(bytes)
            } else if let offset = try bytes.integer(at: 0, size: 4) {
                // A TIFF header behind a four-byte offset to it (ISO 18181-2).
                try blocks.addExif(bytes, at: 4 + offset)
            }
        }
        return blocks
    }

    private mutating func begin() {
        var type: JxlBoxType = (0, 0, 0, 0)
        guard JxlDecoderGetBoxType(decoder, &type, 1) == JXL_DEC_SUCCESS else { return }
        let name = String(
            decoding: [type.0, type.1, type.2, type.3].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard name == "Exif" || name == "xml ", found.count < MetadataBlocks.maximumBlocks else {
            return
        }
        current = (name, [])
        JxlDecoderSetBoxBuffer(decoder, buffer.baseAddress, buffer.count)
    }

    /// Takes what the library has written, and the buffer back.
    private mutating func drain() {
        let rest = JxlDecoderReleaseBoxBuffer(decoder)
        guard let bytes = current?.bytes, rest <= buffer.count else { return }
        // A box that unpacks without end is passed over.
        guard bytes.count <= MetadataBlocks.maximumBlock else { return current = nil }
        current?.bytes += buffer[..<(buffer.count - rest)]
    }

    private mutating func finish() {
        guard current != nil else { return }
        drain()
        if let current { found.append(current) }
        current = nil
    }
}
