import SystemPackage

/// What a failing disk means to a person.
enum StorageFailure {
    /// Puts a failure to write or read a file into words.
    static func error(_ path: FilePath, _ cause: Errno) -> HubError {
        switch cause {
        case .noSpace, .diskQuotaExceeded, .fileTooLarge:
            HubError(
                path, "there is no room to write",
                advice: "Make room and run the same command again: it continues where it stopped.",
                cause: cause)
        case .permissionDenied, .notPermitted, .readOnlyFileSystem:
            HubError(path, "may not be written", advice: "Check whose folder it is.", cause: cause)
        default:
            HubError(path, "cannot be used", cause: cause)
        }
    }
}
