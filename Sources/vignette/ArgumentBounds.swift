import Finding
import SystemPackage

/// What the argument parser must not be given: it takes time that grows with the square of the number of words and
/// of the length of an option's name, minutes for what one line can hold.
enum ArgumentBounds {
    /// The most words for a command that takes a query, or pictures to compare with: more than any has use for.
    private static let mostWords = 1000
    private static let bounded: Set = ["search", "moments", "similar"]
    /// The most characters of an option's name.
    private static let longestOption = 64

    /// Looks for what is too long or too many.
    ///
    /// - Parameter arguments: The words behind the program's name.
    /// - Returns: What is wrong, in a line that says what is allowed; `nil` where nothing is.
    static func refusal(of arguments: [String]) -> String? {
        let options = arguments.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }
        if let option = options.first(where: { name(of: $0).count > longestOption }) {
            return "There is no option \(QueryError.shown(name(of: option)))."
        }
        guard let command = arguments.first, bounded.contains(command),
            arguments.count > mostWords
        else { return nil }
        return "'vignette \(command)' takes at most \(mostWords) words, and was given "
            + "\(arguments.count - 1)."
    }

    private static func name(of option: String) -> Substring { option.prefix { $0 != "=" } }

    /// A message with lines of a length that can be read: of longer ones, which quote an argument, both ends.
    static func shortened(_ message: String) -> String {
        message.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.utf8.count > 400 ? "\(line.prefix(160))…\(line.suffix(160))" : String(line)
        }.joined(separator: "\n")
    }
}
