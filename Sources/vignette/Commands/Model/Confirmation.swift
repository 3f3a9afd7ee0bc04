import Glibc

/// Questions to whoever sits at the terminal.
enum Confirmation {
    /// Whether somebody can answer.
    static var isPossible: Bool { isatty(STDIN_FILENO) == 1 && StandardError.isTerminal }

    /// Asks a question that is answered with yes or no; no answer is a no.
    ///
    /// - Parameters:
    ///   - question: What is asked.
    ///   - flag: What says yes beforehand.
    /// - Returns: Whether the answer was yes.
    /// - Throws: `CommandFailure` where nobody can answer.
    static func ask(_ question: String, flag: String = "--force") throws -> Bool {
        guard isPossible else {
            throw CommandFailure("\(question) Say \(flag) where nobody can be asked")
        }
        StandardError.write("\(question) [y/N] ")
        let answer = readLine()?.filter { !$0.isWhitespace }.lowercased() ?? ""
        return answer == "y" || answer == "yes"
    }
}
