extension Tokenizer {
    /// Decodes ids into text.
    ///
    /// Numbers that are no ids are left out; bytes that are no UTF-8 (a character cut in two) become
    /// U+FFFD.
    ///
    /// - Parameters:
    ///   - ids: Token ids.
    ///   - skippingSpecialTokens: Whether tokens that steer the model are left out.
    /// - Returns: Text, its spaces tidied where `clean_up_tokenization_spaces` says so.
    public func decode(_ ids: [Int], skippingSpecialTokens: Bool) -> String {
        var bytes: [UInt8] = []
        for id in ids where !(skippingSpecialTokens && vocabulary.isSpecial(id)) {
            bytes += vocabulary.bytes(of: id) ?? []
        }
        // Repaired first: the reference tidies the text, not the bytes.
        let text = String(decoding: bytes, as: UTF8.self)
        return tidiesSpaces ? tidied(text) : text
    }

    /// The bytes that an id stands for; `nil` for special tokens and for numbers that are no ids.
    public func bytes(ofText id: Int) -> [UInt8]? {
        vocabulary.isSpecial(id) ? nil : vocabulary.bytes(of: id).map(Array.init)
    }

    /// Takes out spaces as `clean_up_tokenization` of the reference does, rule after rule.
    private func tidied(_ text: String) -> String {
        let rules = [
            (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
            (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
        ]
        let bytes = rules.reduce(Array(text.utf8)) { bytes, rule in
            replacing(Array(rule.0.utf8), with: Array(rule.1.utf8), in: bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Bytes, because a combining mark behind a full stop must not hide the full stop.
    private func replacing(_ old: [UInt8], with new: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = 0
        while position < bytes.count {
            if bytes[position] == old[0], bytes[position...].starts(with: old) {
                result += new
                position += old.count
            } else {
                result.append(bytes[position])
                position += 1
            }
        }
        return result
    }
}
