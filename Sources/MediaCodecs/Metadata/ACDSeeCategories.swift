/// ACDSee's keywords: XML in one text, `<Categories><Category Assigned="0">Places<Category Assigned="1">Garda…`.
///
/// A category is given if it says that it is assigned; those around it are its wider terms. What is not of this form
/// ends the reading, and what was read until then counts.
struct ACDSeeCategories {
    /// The most levels; deeper ones are nobody's.
    private static let deepest = 32

    private var terms: [(text: String, isAssigned: Bool, isTold: Bool)] = []
    private var found: [[String]] = []
    private let limit: Int

    private init(limit: Int) {
        self.limit = limit
    }

    /// The paths that are assigned.
    ///
    /// - Parameters:
    ///   - text: The property's value.
    ///   - limit: The most paths.
    /// - Returns: Each as its terms, the widest first.
    static func paths(in text: String, limit: Int) -> [[String]] {
        var reader = ACDSeeCategories(limit: limit)
        var rest = text[...]
        while reader.found.count < limit, let start = rest.firstIndex(of: "<"),
            let end = rest[start...].firstIndex(of: ">")
        {
            reader.says(rest[..<start])
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            guard reader.meets(tag) else { break }
        }
        return reader.found
    }

    private mutating func says(_ text: Substring) {
        guard !terms.isEmpty else { return }
        terms[terms.count - 1].text += Self.plain(text)
    }

    /// Takes a tag; `false` for one that ends the reading.
    private mutating func meets(_ tag: Substring) -> Bool {
        tell()
        if tag.hasPrefix("/Category"), !tag.hasPrefix("/Categories") {
            guard !terms.isEmpty else { return false }
            terms.removeLast()
            return true
        }
        guard tag.hasPrefix("Category"), !tag.hasSuffix("/") else { return true }
        guard terms.count < Self.deepest else { return false }
        let isAssigned = tag.contains(/Assigned\s*=\s*["']1["']/)
        terms.append((text: "", isAssigned: isAssigned, isTold: false))
        return true
    }

    /// A category's own text ends where the next tag begins.
    private mutating func tell() {
        guard let last = terms.last, last.isAssigned, !last.isTold else { return }
        terms[terms.count - 1].isTold = true
        let path = terms.map { $0.text.trimmingWhiteSpace }.filter { !$0.isEmpty }
        if !path.isEmpty { found.append(path) }
    }

    /// A text without XML's five entities.
    private static func plain(_ text: Substring) -> String {
        guard text.contains("&") else { return String(text) }
        return [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
            .reduce(String(text)) { $0.replacing($1.0, with: $1.1) }
    }
}

extension String {
    fileprivate var trimmingWhiteSpace: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
