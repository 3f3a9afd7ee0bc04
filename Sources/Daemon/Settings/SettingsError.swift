/// A configuration that cannot be used: says which key, where it stands and what would be right.
public struct SettingsError: Error, Equatable, CustomStringConvertible {
    /// The whole sentence.
    public let description: String

    /// Builds an error.
    ///
    /// - Parameters:
    ///   - place: The file with its line, or the environment variable or flag.
    ///   - problem: What is wrong and what would be right.
    public init(place: String, problem: String) {
        description = "\(place): \(problem)"
    }
}
