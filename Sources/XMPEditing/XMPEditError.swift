import XMPWriting

/// Why a sidecar is not edited; the text completes "FILE: …".
public struct XMPEditError: Error, Equatable, Sendable {
    /// What is wrong with it.
    public let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    /// The property stands there more than once, or in a form that has no one meaning.
    static func ambiguous(_ name: XMPProperty, _ what: String) -> XMPEditError {
        XMPEditError("\(name.label) \(what), so it is left as it is; edit it in another program")
    }
}
