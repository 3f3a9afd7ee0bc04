/// One line of a `.vignetteignore`, with the meaning that gitignore(5) gives it.
///
/// Matching works on bytes and follows every way a pattern can match at once (a simulation of the
/// automaton), so that its time is at most pattern length × path length whatever the pattern.
struct GitignorePattern: Equatable, Sendable {
    /// What a pattern is made of.
    enum Element: Equatable, Sendable {
        case byte(UInt8)
        /// `?`, or a class in brackets: one byte.
        case set(ByteSet)
        /// `*`: any bytes of the set, none to many.
        case many(ByteSet)
        /// The `**/` at the start of directories: what follows may match here, without directories.
        case optionalDirectories
        /// What git calls malformed; nothing matches.
        case never
    }

    /// Whether the line begins with `!`: what matches is taken in again.
    let isNegated: Bool
    /// Whether the line ends with a slash: only directories match.
    let matchesOnlyDirectories: Bool
    /// Whether the line has no slash but at its end: the name decides, at whatever depth.
    let matchesName: Bool
    private let elements: [Element]

    /// Reads a line; nil for a blank one or a comment.
    init?(line: some Sequence<UInt8>) {
        var bytes = Self.trimmingTrailingSpaces(Array(line))
        guard let first = bytes.first, first != UInt8(ascii: "#") else { return nil }
        isNegated = first == UInt8(ascii: "!")
        if isNegated { bytes.removeFirst() }
        matchesOnlyDirectories = bytes.last == UInt8(ascii: "/")
        if matchesOnlyDirectories { bytes.removeLast() }
        matchesName = !bytes.contains(UInt8(ascii: "/"))
        if bytes.first == UInt8(ascii: "/") { bytes.removeFirst() }
        guard !bytes.isEmpty else { return nil }
        var compiler = GitignorePatternCompiler(bytes, wholePath: !matchesName)
        elements = compiler.compile()
    }

    /// Whether the pattern speaks of an entry.
    ///
    /// - Parameters:
    ///   - path: The entry's path, relative to the directory of the file that holds the pattern.
    ///   - isDirectory: Whether a directory stands there.
    func matches(_ path: ArraySlice<UInt8>, isDirectory: Bool) -> Bool {
        if matchesOnlyDirectories, !isDirectory { return false }
        guard matchesName, let slash = path.lastIndex(of: UInt8(ascii: "/")) else {
            return run(path)
        }
        return run(path[(slash + 1)...])
    }

    /// Runs the automaton: `states` are the elements that may come next.
    private func run(_ text: ArraySlice<UInt8>) -> Bool {
        var states = [Bool](repeating: false, count: elements.count + 1)
        enter(0, &states)
        for byte in text {
            var next = [Bool](repeating: false, count: elements.count + 1)
            var isAlive = false
            for index in elements.indices where states[index] {
                switch elements[index] {
                case .byte(byte): enter(index + 1, &next)
                case .set(let set) where set.contains(byte): enter(index + 1, &next)
                case .many(let set) where set.contains(byte): enter(index, &next)
                default: continue
                }
                isAlive = true
            }
            guard isAlive else { return false }
            states = next
        }
        return states[elements.count]
    }

    /// Enters a state and those that follow from it without a byte.
    private func enter(_ index: Int, _ states: inout [Bool]) {
        var index = index
        while !states[index] {
            states[index] = true
            guard index < elements.count else { return }
            switch elements[index] {
            case .many: index += 1
            case .optionalDirectories:
                // Itself, a `many` and a slash: jump over all three, or begin with the `many`.
                enter(index + 3, &states)
                index += 1
            case .byte, .set, .never: return
            }
        }
    }

    /// Takes off the spaces at the end, but for one that a backslash protects.
    private static func trimmingTrailingSpaces(_ line: [UInt8]) -> [UInt8] {
        var end = 0
        var index = 0
        while index < line.count {
            if line[index] == UInt8(ascii: "\\") {
                index += 1
                end = min(index + 1, line.count)
            } else if line[index] != UInt8(ascii: " ") {
                end = index + 1
            }
            index += 1
        }
        return Array(line[..<end])
    }
}
