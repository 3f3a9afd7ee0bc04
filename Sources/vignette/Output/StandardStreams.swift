import Glibc

/// Results: what a person asked for, and nothing else.
enum StandardOutput {
    /// Whether a person looks at it rather than a program.
    static let isTerminal = isatty(STDOUT_FILENO) == 1

    /// Writes text at once; a reader that went away ends the program quietly.
    static func write(_ text: String) {
        guard Descriptor.write(text, to: STDOUT_FILENO) else { exit(0) }
    }

    /// Writes text at once; `false` if the reader went away.
    static func tryWriting(_ text: String) -> Bool {
        Descriptor.write(text, to: STDOUT_FILENO)
    }
}

/// Logs, progress and errors.
enum StandardError {
    /// Whether a person looks at it rather than a program.
    static let isTerminal = isatty(STDERR_FILENO) == 1

    /// Writes text at once; nobody listening is no failure.
    static func write(_ text: String) {
        _ = Descriptor.write(text, to: STDERR_FILENO)
    }
}

private enum Descriptor {
    static func write(_ text: String, to descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let base = rest.baseAddress, !rest.isEmpty {
                let count = Glibc.write(descriptor, base, rest.count)
                if count < 0 {
                    if errno == EINTR { continue }
                    return false
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return true
        }
    }
}
