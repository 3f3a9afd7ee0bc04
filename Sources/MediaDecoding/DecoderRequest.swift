/// What the parent asks of its child: four bytes of length, with the open file, then `body`.
///
/// The body is the kind (one byte), an edge in pixels and the longer edge of a small picture that is wanted besides
/// (four bytes each, little-endian, 0 for none) and, of an edit, that as JSON. The file comes as a descriptor (`SCM_RIGHTS`): the child never sees a name.
public struct DecoderRequest: Equatable, Sendable {
    /// The questions.
    public enum Kind: UInt8, Sendable {
        /// What is this file?
        case probe = 1
        /// Its pixels.
        case still = 2
        /// A frame for each second.
        case frames = 3
        /// What locks you in? No file comes along.
        case sandbox = 4
        /// What does this XMP sidecar say?
        case sidecar = 5
        /// A small JPEG of it, of a clip that of its first frame.
        case thumbnail = 6
        /// What becomes of this XMP sidecar by an edit? Without a file a new one is made.
        case edit = 7
    }

    /// Bytes of a body before the edit.
    public static let bodySize = 9
    /// Bytes that an edit may have as JSON.
    public static let maximumEdit = 1 << 20

    /// The question.
    public var kind: Kind
    /// The shorter edge in pixels below which nothing may be scaled down, `nil` to keep every pixel; of a
    /// thumbnail, the longer edge that it has at most.
    public var edge: Int?
    /// Of a still or a clip: the most pixels of the longer edge of a small picture that is made besides, if the pixels
    /// that are sent suffice for it; `nil` for none.
    public var thumbnail: Int?
    /// `SidecarEdit` as JSON, empty for other questions.
    public var edit: [UInt8]

    /// Builds a request from its parts.
    public init(kind: Kind, edge: Int? = nil, thumbnail: Int? = nil, edit: [UInt8] = []) {
        self.kind = kind
        self.edge = edge
        self.thumbnail = thumbnail
        self.edit = edit
    }

    /// The bytes on the wire without their length.
    public var body: [UInt8] {
        var bytes = [kind.rawValue]
        bytes.append(littleEndian: UInt32(clamping: max(edge ?? 0, 0)))
        bytes.append(littleEndian: UInt32(clamping: max(thumbnail ?? 0, 0)))
        return bytes + edit
    }

    /// Reads a body; `nil` if it is none.
    public init?(body: [UInt8]) {
        guard body.count >= Self.bodySize, let kind = Kind(rawValue: body[0]),
            let edge = body[1...].littleEndian(UInt32.self),
            let thumbnail = body[5...].littleEndian(UInt32.self)
        else { return nil }
        let edit = Array(body[Self.bodySize...])
        guard edit.count <= Self.maximumEdit, kind == .edit || edit.isEmpty else { return nil }
        self.init(
            kind: kind, edge: edge == 0 ? nil : Int(edge),
            thumbnail: thumbnail == 0 ? nil : Int(thumbnail), edit: edit)
    }
}
