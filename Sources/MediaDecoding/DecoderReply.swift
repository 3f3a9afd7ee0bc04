/// The frames with which the child answers: a tag, four bytes of length, then that many bytes.
///
/// A probe is answered by one `probe`, a sidecar by one `sidecar`, an edit by one `edited`, a still by one
/// `picture`, a thumbnail by one `thumbnail`, a clip by any number of `picture`s and an `end`; each may be answered by an
/// error instead. Where a small picture is wanted besides, a `thumbnail` follows the first `picture`; of a still an `end`
/// follows where none could be made.
public enum DecoderReply {
    /// What a frame holds.
    public enum Tag: UInt8, Sendable {
        /// `MediaProbe` as JSON.
        case probe = 1
        /// A `PictureHeader`, then the pixels.
        case picture = 2
        /// Nothing: the clip is over.
        case end = 3
        /// An `errno`, four bytes.
        case unreadable = 4
        /// The reason as UTF-8: the content is at fault.
        case rejected = 5
        /// The reason as UTF-8: the child is at fault, and wants to be replaced.
        case failed = 6
        /// `SandboxReport` as JSON.
        case sandbox = 7
        /// `SidecarFacts` as JSON.
        case sidecar = 8
        /// The bytes of a JPEG.
        case thumbnail = 9
        /// The bytes of a sidecar.
        case edited = 10
    }

    /// Bytes of a frame before its content: the tag and the length.
    public static let headerSize = 5
    /// Bytes that a reason or a probe may have: JSON escapes may double the longest texts of a file
    /// (`EmbeddedTexts`), which are 57 KiB, and what Vignette wrote into it (`SidecarRecord`), 49 KiB.
    public static let maximumText = 256 << 10

    /// Bytes that a thumbnail may have.
    public static let maximumThumbnail = 16 << 20

    /// The bytes before the content of a frame.
    public static func header(_ tag: Tag, count: Int) -> [UInt8] {
        var bytes = [tag.rawValue]
        bytes.append(littleEndian: UInt32(count))
        return bytes
    }
}

/// What stands before the pixels of a picture: its edges and its moment.
public struct PictureHeader: Equatable, Sendable {
    /// Bytes on the wire.
    public static let size = 16

    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int
    /// Seconds from a clip's first frame; 0 for a still.
    public var second: Double

    /// Builds a header from its parts.
    public init(width: Int, height: Int, second: Double = 0) {
        self.width = width
        self.height = height
        self.second = second
    }

    /// The bytes on the wire, little-endian.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt32(clamping: width))
        bytes.append(littleEndian: UInt32(clamping: height))
        bytes.append(littleEndian: second.bitPattern)
        return bytes
    }

    /// Reads a header; `nil` unless it describes at least one and at most `maximumPixels` pixels.
    public init?(bytes: [UInt8], maximumPixels: Int) {
        guard bytes.count == Self.size, let width = bytes.littleEndian(UInt32.self),
            let height = bytes[4...].littleEndian(UInt32.self),
            let pattern = bytes[8...].littleEndian(UInt64.self),
            width > 0, height > 0, Int(height) <= maximumPixels / Int(width)
        else { return nil }
        self.init(
            width: Int(width), height: Int(height), second: Double(bitPattern: pattern))
        guard second.isFinite, second >= 0 else { return nil }
    }
}
