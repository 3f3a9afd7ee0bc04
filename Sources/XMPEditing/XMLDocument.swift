/// A well-formed XML text without document type, with the place of each element and attribute in its bytes.
///
/// Expat parses; it is bounded by `maximumDepth` and `maximumElements`, and since a document type is refused, no
/// entity but XML's own five is known.
struct XMLDocument {
    static let maximumDepth = 200
    static let maximumElements = 200_000

    /// UTF-8, without a byte order mark.
    let text: [UInt8]
    /// In the order of their start tags.
    let elements: [XMLElement]
    /// The encoding that the XML declaration names.
    let declaredEncoding: String?

    /// Parses a text.
    ///
    /// - Parameter text: UTF-8, without a byte order mark.
    /// - Throws: `XMPEditError` in words.
    init(_ text: [UInt8]) throws(XMPEditError) {
        let builder = XMLTreeBuilder(text)
        try builder.parse()
        self.text = text
        elements = builder.elements
        declaredEncoding = builder.declaredEncoding
    }

    var root: XMLElement { elements[0] }

    func children(of element: XMLElement) -> [XMLElement] {
        element.children.map { elements[$0] }
    }

    /// The namespace that a prefix stands for within an element's tags; `nil` for none.
    func namespace(of prefix: String, in element: XMLElement) -> String? {
        var current: XMLElement? = element
        while let here = current {
            if let found = here.declarations[prefix] { return found }
            current = here.parent.map { elements[$0] }
        }
        return nil
    }

    /// A prefix that stands for a namespace within an element's tags; `nil` for none.
    func prefix(of namespace: String, in element: XMLElement) -> String? {
        var current: XMLElement? = element
        while let here = current {
            let found = here.declarations.filter { $0.value == namespace && !$0.key.isEmpty }.keys
                .sorted()
            if let prefix = found.first(where: { self.namespace(of: $0, in: element) == namespace })
            {
                return prefix
            }
            current = here.parent.map { elements[$0] }
        }
        return nil
    }

    /// The white space directly before a position.
    func space(before position: Int) -> Range<Int> {
        var start = position
        while start > 0, [0x20, 0x09, 0x0A, 0x0D].contains(text[start - 1]) { start -= 1 }
        return start..<position
    }

    func string(_ range: Range<Int>) -> String {
        String(decoding: text[range], as: UTF8.self)
    }

    /// The text with a range replaced.
    func replacing(_ range: Range<Int>, by replacement: String) -> [UInt8] {
        var result = Array(text[..<range.lowerBound])
        result.append(contentsOf: replacement.utf8)
        result.append(contentsOf: text[range.upperBound...])
        return result
    }
}
