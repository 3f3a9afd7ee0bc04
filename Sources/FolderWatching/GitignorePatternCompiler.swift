/// Translates the text of a gitignore pattern into the elements of its automaton.
struct GitignorePatternCompiler {
    private let text: [UInt8]
    /// Whether the pattern is held against a path, so that `*` and classes stop at a slash.
    private let wholePath: Bool
    private var position = 0

    /// Prepares to translate a pattern without its `!`, its leading and its trailing slash.
    init(_ text: [UInt8], wholePath: Bool) {
        self.text = text
        self.wholePath = wholePath
    }

    private var anyByte: ByteSet {
        var set = ByteSet.all
        if wholePath { set.remove(UInt8(ascii: "/")) }
        return set
    }

    /// The pattern's elements, in order.
    mutating func compile() -> [GitignorePattern.Element] {
        var elements: [GitignorePattern.Element] = []
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\\"):
                guard let literal = peek(1) else { return [.never] }
                elements.append(.byte(literal))
                position += 2
            case UInt8(ascii: "?"):
                elements.append(.set(anyByte))
                position += 1
            case UInt8(ascii: "*"):
                elements += stars()
            case UInt8(ascii: "["):
                guard let set = bracketExpression() else { return [.never] }
                elements.append(.set(set))
            default:
                elements.append(.byte(byte))
                position += 1
            }
        }
        return elements
    }

    private func peek(_ offset: Int = 0) -> UInt8? {
        position + offset < text.count ? text[position + offset] : nil
    }

    /// One star, or several: two that fill a place between slashes stand for directories.
    private mutating func stars() -> [GitignorePattern.Element] {
        let start = position
        while peek() == UInt8(ascii: "*") { position += 1 }
        guard position - start > 1, wholePath else { return [.many(anyByte)] }
        let slash = UInt8(ascii: "/")
        let isEscapedSlash = peek() == UInt8(ascii: "\\") && peek(1) == slash
        // git compares what stands before the first special character on its own, so that for it the
        // rest begins a place even behind a letter. What git ignores is ignored here.
        let specials = Array("*?[\\".utf8)
        let isFirstSpecial = !text[..<start].contains { specials.contains($0) }
        let beginsPlace = isFirstSpecial || text[start - 1] == slash
        guard beginsPlace, peek() == nil || peek() == slash || isEscapedSlash else {
            return [.many(anyByte)]
        }
        return peek() == slash ? [.optionalDirectories, .many(.all)] : [.many(.all)]
    }

    /// `[…]` with negation, ranges, escapes and named classes; nil when it never ends or names an
    /// unknown class.
    private mutating func bracketExpression() -> ByteSet? {
        position += 1
        let isNegated = peek() == UInt8(ascii: "!") || peek() == UInt8(ascii: "^")
        if isNegated { position += 1 }
        var set = ByteSet()
        var previous: UInt8?
        var isFirst = true
        while let byte = peek(), isFirst || byte != UInt8(ascii: "]") {
            isFirst = false
            if byte == UInt8(ascii: "["), peek(1) == UInt8(ascii: ":") {
                guard let end = text[(position + 2)...].firstIndex(of: UInt8(ascii: "]")) else {
                    return nil
                }
                if end - position > 2, text[end - 1] == UInt8(ascii: ":") {
                    guard let named = ByteSet(named: text[(position + 2)..<(end - 1)]) else {
                        return nil
                    }
                    set.formUnion(named)
                    position = end + 1
                    previous = nil
                    continue
                }
            }
            if byte == UInt8(ascii: "-"), let low = previous, let after = peek(1),
                after != UInt8(ascii: "]")
            {
                position += 1
                guard let high = literal() else { return nil }
                if low <= high { set.insert(low...high) }
                previous = nil
            } else {
                guard let value = literal() else { return nil }
                set.insert(value...value)
                previous = value
            }
        }
        guard peek() != nil else { return nil }
        position += 1
        if isNegated { set.invert() }
        if wholePath { set.remove(UInt8(ascii: "/")) }
        return set
    }

    /// One byte of a class, a backslash before it taken away; nil at the end of the text.
    private mutating func literal() -> UInt8? {
        if peek() == UInt8(ascii: "\\") { position += 1 }
        guard let byte = peek() else { return nil }
        position += 1
        return byte
    }
}
