import XMPWriting

/// What a property says, as far as it is said in one of the forms that are edited.
enum XMPValue {
    /// An attribute, or an element with characters alone.
    case plain(String)
    /// `rdf:Alt`, `rdf:Bag` or `rdf:Seq`.
    case array(XMLElement, items: [XMPItem])
    /// An element with nothing in it.
    case empty
}

/// An item of an array.
struct XMPItem {
    var element: XMLElement
    /// What it says; `nil` for a structure, which is left as it is.
    var text: String?

    /// The language that it is said in, in small letters.
    var language: String? {
        element.attribute(XMLName(namespace: XMPNamespace.xml, local: "lang"))?.value.lowercased()
    }
}

extension XMPDescriptions {
    private static let arrays: Set = ["Alt", "Bag", "Seq"]
    private static let item = XMLName(namespace: XMPNamespace.rdf, local: "li")

    /// Reads a property.
    ///
    /// - Throws: `XMPEditError` for forms that are not edited: structures, literals, references.
    func value(
        of property: XMPProperty, at place: PropertyPlace
    ) throws(XMPEditError) -> XMPValue {
        switch place {
        case .attribute(_, let attribute): return .plain(attribute.value)
        case .element(let element): return try value(of: property, in: element)
        }
    }

    private func value(
        of property: XMPProperty, in element: XMLElement
    ) throws(XMPEditError) -> XMPValue {
        let strange = element.attributes.contains { attribute in
            attribute.name.namespace != XMPNamespace.xml
                && attribute.name.namespace != XMPNamespace.xmlns
        }
        guard !strange else {
            throw .ambiguous(property, "is a structure or has qualifiers")
        }
        let children = document.children(of: element)
        guard let array = children.first else {
            return element.content.isEmpty ? .empty : .plain(element.string)
        }
        let isArray =
            array.name.namespace == XMPNamespace.rdf && Self.arrays.contains(array.name.local)
        let items = document.children(of: array)
        guard children.count == 1, isArray, items.allSatisfy({ $0.name == Self.item }),
            element.string.allSatisfy(\.isWhitespace), array.string.allSatisfy(\.isWhitespace)
        else { throw .ambiguous(property, "is in a form that is not edited") }
        return .array(array, items: items.map(read))
    }

    private func read(_ element: XMLElement) -> XMPItem {
        let isPlain =
            element.children.isEmpty
            && element.attributes.allSatisfy {
                $0.name.namespace == XMPNamespace.xml || $0.name.namespace == XMPNamespace.xmlns
            }
        return XMPItem(element: element, text: isPlain ? element.string : nil)
    }
}
