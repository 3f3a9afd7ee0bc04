/// Where the attributes of a start tag stand, in a tag that a parser has found to be well-formed.
struct XMLStartTag {
    struct Part {
        var range: Range<Int>
        var valueRange: Range<Int>
        var quote: UInt8
    }

    /// The attributes in their order, declarations of namespaces among them.
    let parts: [Part]

    /// Looks through the tag at `range` of `text`.
    init(_ text: [UInt8], _ range: Range<Int>) {
        var position = range.lowerBound + 1
        let end = range.upperBound
        func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
        func skipSpace() { while position < end, isSpace(text[position]) { position += 1 } }
        while position < end, !isSpace(text[position]), text[position] != UInt8(ascii: ">"),
            text[position] != UInt8(ascii: "/")
        {
            position += 1
        }
        var parts: [Part] = []
        while position < end {
            let start = position
            skipSpace()
            guard position < end, text[position] != UInt8(ascii: ">"),
                text[position] != UInt8(ascii: "/")
            else { break }
            while position < end, text[position] != UInt8(ascii: "=") { position += 1 }
            position += 1
            skipSpace()
            guard position < end else { break }
            let quote = text[position]
            let valueStart = position + 1
            position = valueStart
            while position < end, text[position] != quote { position += 1 }
            guard position < end else { break }
            parts.append(
                Part(
                    range: start..<position + 1, valueRange: valueStart..<position, quote: quote))
            position += 1
        }
        self.parts = parts
    }
}
