extension SplitAutomaton {
    /// How many characters may be read again.
    ///
    /// Expressions of tokenizers read next to none again; a hostile one could read the rest of the
    /// text at every place. The limit is a share for every character and a moment's work in all.
    private static func rereadLimit(forLength length: Int) -> Int { 1_000_000 + 100 * length }

    /// Finds the matches, empty ones too.
    ///
    /// - Parameters:
    ///   - text: UTF-8 without flaw.
    ///   - range: Whole characters; what lies outside is not looked at.
    ///   - body: Is given each match in turn.
    /// - Throws: `SplitExpression.Failure` for a text that takes too much time.
    func forEachMatch(
        of text: Span<UInt8>, in range: Range<Int>, _ body: (Range<Int>) -> Void
    ) throws(SplitExpression.Failure) {
        let limit = Self.rereadLimit(forLength: range.count)
        var read = 0
        var done = range.lowerBound
        var start = range.lowerBound
        while start < range.upperBound {
            let match = match(in: text, start..<range.upperBound)
            read += match.read
            guard read <= limit else { throw SplitExpression.Failure() }
            if let end = match.end {
                body(start..<end)
                done = end
            }
            let width = Self.scalar(in: text, start..<range.upperBound).width
            start = max(start + width, done)
        }
    }

    /// Where the match ends that begins where the range does, and how many characters that took.
    private func match(in text: Span<UInt8>, _ range: Range<Int>) -> (end: Int?, read: Int) {
        let transitions = transitions.span
        let classes = self.classes.classes.span
        var state = Int(Self.initial)
        var position = range.lowerBound
        var end: Int?
        var read = 0
        while position < range.upperBound {
            let symbol: UInt8
            let width: Int
            let lead = text[position]
            if lead < 0x80 {
                (symbol, width) = (classes[Int(lead)], 1)
            } else {
                let scalar = Self.scalar(in: text, position..<range.upperBound)
                (symbol, width) = (self.classes.classOf(scalar.number), scalar.width)
            }
            let transition = transitions[state * rowLength + Int(symbol)]
            if transition & 1 != 0 { end = position }
            state = Int(transition >> 1)
            read += 1
            guard state != Self.dead else { return (end, read) }
            position += width
        }
        // The end of the text has the last column.
        if transitions[(state + 1) * rowLength - 1] & 1 != 0 { end = position }
        return (end, read)
    }

    /// The scalar that the range begins with, and its bytes' number.
    private static func scalar(
        in text: Span<UInt8>, _ range: Range<Int>
    ) -> (number: UInt32, width: Int) {
        func byte(_ offset: Int) -> UInt32 { UInt32(text[range.lowerBound + offset]) }
        func bits(_ offset: Int) -> UInt32 { byte(offset) & 0x3F }
        let lead = byte(0)
        switch (lead, range.count) {
        case (0xC0..<0xE0, 2...): return ((lead & 0x1F) << 6 | bits(1), 2)
        case (0xE0..<0xF0, 3...): return ((lead & 0x0F) << 12 | bits(1) << 6 | bits(2), 3)
        case (0xF0..<0xF8, 4...):
            return ((lead & 0x07) << 18 | bits(1) << 12 | bits(2) << 6 | bits(3), 4)
        default: return (lead, 1)
        }
    }
}
