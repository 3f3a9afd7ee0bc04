import Foundation

/// How many of the words that were looked for a path has; decides only which of an asset's files is
/// named first.
///
/// Words as the full-text index has them, nearly: letters and digits, without case and accents.
struct NameMatch {
    private let terms: [(words: [Substring], isPhrase: Bool)]

    init(_ terms: [SearchTerm]) {
        self.terms = terms.map { (Self.words($0.text), $0.isPhrase) }
    }

    /// The number of terms that stand in the path.
    func count(in path: String) -> Int {
        guard !terms.isEmpty else { return 0 }
        let words = Self.words(path)
        return terms.count { term in
            words.indices.contains { Self.matches(term.words, term.isPhrase, words[$0...]) }
        }
    }

    private static func matches(
        _ term: [Substring], _ isPhrase: Bool, _ words: ArraySlice<Substring>
    ) -> Bool {
        guard let last = term.last, words.count >= term.count else { return false }
        let head = words.prefix(term.count)
        guard let final = head.last, head.dropLast().elementsEqual(term.dropLast()) else {
            return false
        }
        return isPhrase ? final == last : final.hasPrefix(last)
    }

    private static func words(_ text: String) -> [Substring] {
        text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
            .split { !$0.isLetter && !$0.isNumber }
    }
}
