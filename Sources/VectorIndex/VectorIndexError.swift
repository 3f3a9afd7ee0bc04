public import SystemPackage

/// Why an index cannot be used or written.
public enum VectorIndexError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is none.
    case missing(FilePath)
    /// It is damaged, of another version, or made for another catalogue or model: build it anew.
    case unusable(FilePath, reason: String)
    /// Somebody removed the file while it was open for writing: build it anew.
    case removed(FilePath)
    /// Another process writes it.
    case busy(FilePath)
    /// The system refused something.
    case system(FilePath, doing: String, Errno)
    /// The caller asked for what cannot be.
    case invalid(String)

    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .missing(let path): "there is no search index \(path); it is built when work is done"
        case .unusable(let path, let reason):
            "the search index \(path) cannot be used: \(reason); it may be removed, and is built anew"
        case .removed(let path): "the search index \(path) was removed; it is built anew"
        case .busy(let path): "the search index \(path) is being written by another process"
        case .system(let path, let doing, let error):
            "cannot \(doing) the search index \(path): \(error)"
        case .invalid(let reason): reason
        }
    }

    /// Whether building the index anew helps.
    public var asksForRebuild: Bool {
        switch self {
        case .missing, .unusable, .removed: true
        case .busy, .system, .invalid: false
        }
    }
}
