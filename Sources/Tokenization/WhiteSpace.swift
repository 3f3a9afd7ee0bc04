/// Unicode white space in UTF-8.
enum WhiteSpace {
    /// Where the white space that ends before `position` begins, not before `limit`.
    static func start(before position: Int, in text: [UInt8], from limit: Int) -> Int {
        var start = position
        while start > limit {
            var lead = start - 1
            while lead > limit, text[lead] & 0xC0 == 0x80 { lead -= 1 }
            guard isWhiteSpace(text[lead..<start]) else { return start }
            start = lead
        }
        return start
    }

    /// Where the white space that begins at `position` ends, not behind `limit`.
    static func end(after position: Int, in text: [UInt8], to limit: Int) -> Int {
        var end = position
        while end < limit {
            var next = end + 1
            while next < limit, text[next] & 0xC0 == 0x80 { next += 1 }
            guard isWhiteSpace(text[end..<next]) else { return end }
            end = next
        }
        return end
    }

    private static func isWhiteSpace(_ character: ArraySlice<UInt8>) -> Bool {
        let scalars = String(decoding: character, as: UTF8.self).unicodeScalars
        return scalars.allSatisfy(\.properties.isWhitespace)
    }
}
