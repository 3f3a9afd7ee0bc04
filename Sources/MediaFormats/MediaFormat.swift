/// A format of pictures or clips: its name and how its files are usually called.
///
/// What a file is, its first bytes say; names only decide which files are looked at.
public struct MediaFormat: Hashable, Sendable {
    /// What comes out of a file.
    public enum Kind: Sendable {
        /// One picture.
        case still
        /// One picture, as a camera's sensor saw it; a JPEG of the same press may lie beside it.
        case raw
        /// Several pictures over time.
        case clip
    }

    /// The usual lower-case name, such as `jpeg`; a probe's `format`.
    public let name: String
    /// The name for people, such as `JPEG`.
    public let title: String
    /// What comes out of it.
    public let kind: Kind
    /// Extensions of its files, lower-case, without the dot.
    public let extensions: [String]

    init(_ name: String, _ title: String, _ kind: Kind, _ extensions: String...) {
        self.name = name
        self.title = title
        self.kind = kind
        self.extensions = extensions
    }

    /// Whether it is a clip.
    public var isClip: Bool { kind == .clip }

    /// Whether it is what a camera's sensor saw.
    public var isRaw: Bool { kind == .raw }

    /// The format of that name; `nil` for an unknown one.
    public static func named(_ name: String) -> MediaFormat? {
        all.first { $0.name == name }
    }
}
