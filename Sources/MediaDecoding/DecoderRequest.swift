public import SystemPackage

/// What the parent asks of its child: four bytes of length, then `body`.
///
/// The body is the kind (one byte), the wanted shorter edge (four bytes, little-endian, 0 for every
/// pixel) and the bytes of the path, which need not be text.
public struct DecoderRequest: Equatable, Sendable {
    /// The three questions.
    public enum Kind: UInt8, Sendable {
        /// What is this file?
        case probe = 1
        /// Its pixels.
        case still = 2
        /// A frame for each second.
        case frames = 3
    }

    /// Bytes a body may have; a longer path than this is no path on Linux.
    public static let maximumBody = 16 << 10

    /// The question.
    public var kind: Kind
    /// The shorter edge in pixels below which nothing may be scaled down; `nil` keeps every pixel.
    public var minimumShortEdge: Int?
    /// The file.
    public var path: FilePath

    /// Builds a request from its parts.
    public init(kind: Kind, minimumShortEdge: Int? = nil, path: FilePath) {
        self.kind = kind
        self.minimumShortEdge = minimumShortEdge
        self.path = path
    }

    /// The bytes on the wire without their length.
    public var body: [UInt8] {
        var bytes = [kind.rawValue]
        bytes.append(littleEndian: UInt32(clamping: max(minimumShortEdge ?? 0, 0)))
        path.withPlatformString { text in
            var next = text
            while next.pointee != 0 {
                bytes.append(UInt8(bitPattern: next.pointee))
                next += 1
            }
        }
        return bytes
    }

    /// Reads a body; `nil` if it is none.
    public init?(body: [UInt8]) {
        guard body.count > 5, let kind = Kind(rawValue: body[0]),
            let edge = body[1...].littleEndian(UInt32.self), !body[5...].contains(0)
        else { return nil }
        self.kind = kind
        minimumShortEdge = edge == 0 ? nil : Int(edge)
        path = FilePath(platformString: body[5...].map(CChar.init(bitPattern:)) + [0])
    }
}
