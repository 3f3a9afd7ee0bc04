import SystemPackage

/// Why a file gave nothing, before its path is added.
enum CodecError: Error, Equatable {
    /// The file cannot be opened or read.
    case unreadable(Errno)
    /// The content is at fault; the text completes "FILE: …".
    case rejected(String)
    /// The child is at fault, by a lack of memory for instance.
    case failed(String)

    /// The file ends before its content does.
    static let cutShort = CodecError.rejected(
        "is cut short: the file ends before its content does; copy it again")

    /// The content breaks the rules of its format.
    static func damaged(_ what: String) -> CodecError {
        .rejected("is damaged: \(what)")
    }

    /// The content is whole, of a kind that Vignette does not read.
    static func notSupported(_ kind: String) -> CodecError {
        .rejected("is not supported: \(kind)")
    }

    /// The file of a still has too many bytes.
    static func tooLarge(_ count: Int, limit: Int) -> CodecError {
        .rejected("has \(count) bytes, above the limit of \(limit) for a picture")
    }
}
