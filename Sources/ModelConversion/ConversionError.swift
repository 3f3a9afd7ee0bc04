public import SystemPackage

/// Why a checkpoint cannot be converted: which file or folder, what is wrong, what to do.
public struct ConversionError: Error, CustomStringConvertible {
    /// The file or folder.
    public let path: FilePath
    /// What is wrong, as a clause about the path.
    public let reason: String
    /// What a person can do about it, as a sentence.
    public let advice: String
    /// The error underneath, where there is one.
    public let cause: (any Error)?

    init(_ path: FilePath, _ reason: String, advice: String, cause: (any Error)? = nil) {
        self.path = path
        self.reason = reason
        self.advice = advice
        self.cause = cause
    }

    /// One line for people; a list of tensors takes a line each.
    public var description: String {
        let because = cause.map { " (\($0))" } ?? ""
        return "\(path): \(reason)\(because). \(advice)"
    }

    /// A failure to write below a path.
    static func writing(_ path: FilePath, _ cause: any Error) -> ConversionError {
        let isFull = [.noSpace, .diskQuotaExceeded].contains(cause as? Errno)
        return ConversionError(
            path, "cannot be written",
            advice: isFull ? "Make room." : "Check that its folder may be written.", cause: cause)
    }
}
