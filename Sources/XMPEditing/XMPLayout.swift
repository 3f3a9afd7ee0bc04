/// How a document is laid out, so that what is added looks like what is there.
struct XMPLayout {
    /// What ends a line.
    let newline: String
    /// The indentation of properties, with the line's end before it; empty where all is in one line.
    let property: String
    /// The further indentation of each level below.
    let step: String

    /// Looks at a description and what is in it.
    init(_ document: XMLDocument, _ description: XMLElement) {
        newline = Self.newline(document)
        let outer = Self.indentation(document, before: description.startTag.lowerBound)
        let inner = description.children.first.flatMap {
            Self.indentation(document, before: document.elements[$0].startTag.lowerBound)
        }
        let isInLine = description.children.isEmpty ? outer == nil : inner == nil
        guard !isInLine else {
            property = ""
            step = ""
            return
        }
        let base = outer ?? ""
        let own = inner ?? base + " "
        property = newline + own
        step =
            own.count > base.count && own.hasPrefix(base) ? String(own.dropFirst(base.count)) : " "
    }

    /// A line's end and indentation, some levels below a property's.
    func level(_ depth: Int) -> String {
        property.isEmpty ? "" : property + String(repeating: step, count: depth)
    }

    /// A line's end and indentation as they stand before a tag; `nil` for a tag within a line.
    static func indentation(_ document: XMLDocument, before position: Int) -> String? {
        let space = document.string(document.space(before: position))
        guard let last = space.unicodeScalars.lastIndex(of: "\n") else { return nil }
        return String(space.unicodeScalars[space.unicodeScalars.index(after: last)...])
    }

    static func newline(_ document: XMLDocument) -> String {
        guard let first = document.text.firstIndex(of: 0x0A) else { return "\n" }
        return first > 0 && document.text[first - 1] == 0x0D ? "\r\n" : "\n"
    }
}
