public import SystemPackage

/// Why a model cannot be loaded or used: which file, what is wrong, what to do.
public struct ModelError: Error, CustomStringConvertible, Sendable {
    /// The file or folder, where the fault lies in one.
    public let path: FilePath?
    /// What is wrong, as a clause about the file.
    public let reason: String
    /// What a person can do about it, as a sentence.
    public let advice: String?
    /// The error underneath, where there is one.
    public let cause: (any Error)?

    package init(
        _ path: FilePath? = nil, _ reason: String, advice: String? = nil,
        cause: (any Error)? = nil
    ) {
        self.path = path
        self.reason = reason
        self.advice = advice
        self.cause = cause
    }

    /// One line for people; a list of tensors takes a line each.
    public var description: String {
        let place = path.map { "\($0): " } ?? ""
        let because = cause.map { " (\($0))" } ?? ""
        let remedy = advice.map { ". \($0)" } ?? ""
        return place + reason + because + remedy
    }
}

/// Says whether to give up; asked between layers and tokens.
public typealias StopCheck = () -> Bool

/// Ends the work where it is no longer wanted.
///
/// - Throws: `CancellationError` where it is not.
package func checkForStop(_ shouldStop: StopCheck) throws {
    if shouldStop() { throw CancellationError() }
}
