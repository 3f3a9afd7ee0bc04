import SystemPackage

/// Why a sidecar was not written; completes "FILE: …".
struct SidecarError: Error, Equatable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    /// An error of the system while something was done.
    init(_ code: Errno, _ what: String) {
        let hint =
            switch code {
            case .readOnlyFileSystem, .permissionDenied, .notPermitted:
                "; what is to be written stays in the catalogue"
            case .noSpace, .diskQuotaExceeded: "; it is tried again when there is room"
            default: ""
            }
        reason = "\(what): \(code)\(hint)"
    }
}
