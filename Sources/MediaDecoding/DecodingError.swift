public import SystemPackage

/// Why a file gave no pixels.
public enum DecodingError: Error, Equatable, Sendable {
    /// The file cannot be opened or read: it is gone, not permitted, or the disk fails.
    case unreadable(FilePath, Errno)
    /// A verdict on the content: no picture, damaged, above a limit. Trying again is pointless.
    case rejected(FilePath, reason: String)
    /// The child died, hung or ran out of memory. The file may be tried again.
    case childFailed(FilePath?, reason: String)
    /// `Decoder.cancel()` or `Decoder.close()` ended the request.
    case cancelled
}

extension DecodingError {
    /// The reason for which a text is rejected.
    public static let textReason = "is a text, not a picture or clip"

    /// Whether the file is a text, whatever its name says.
    public var isText: Bool {
        if case .rejected(_, Self.textReason) = self { return true }
        return false
    }
}

extension DecodingError: CustomStringConvertible {
    /// One line that names the file and says what is wrong with it.
    public var description: String {
        switch self {
        case .unreadable(let path, let code): "\(path): cannot be read: \(code)"
        case .rejected(let path, let reason): "\(path): \(reason)"
        case .childFailed(let path?, let reason): "\(path): decoding failed: \(reason)"
        case .childFailed(nil, let reason): "decoding failed: \(reason)"
        case .cancelled: "decoding was cancelled"
        }
    }
}
