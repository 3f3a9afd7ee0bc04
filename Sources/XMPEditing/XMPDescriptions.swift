import XMPWriting

/// Where a property stands.
enum PropertyPlace {
    case attribute(XMLElement, XMLAttribute)
    case element(XMLElement)
}

/// The elements of an XMP packet that hold its properties: `rdf:Description`, directly below `rdf:RDF`.
struct XMPDescriptions {
    let document: XMLDocument
    /// `rdf:RDF`.
    let rdf: XMLElement
    /// In the order of the document.
    let descriptions: [XMLElement]

    /// Finds them.
    ///
    /// - Throws: `XMPEditError` for what is no XMP packet, or speaks of several things.
    init(_ document: XMLDocument) throws(XMPEditError) {
        let name = XMLName(namespace: XMPNamespace.rdf, local: "RDF")
        let all = document.elements.filter { $0.name == name }
        guard all.count <= 1 else {
            throw XMPEditError("has several elements rdf:RDF, of which one cannot be chosen")
        }
        guard let rdf = all.first, rdf.parent == nil || rdf.parent == 0 else {
            throw XMPEditError("is no XMP: it has no element rdf:RDF")
        }
        guard rdf.parent == nil || document.root.name.namespace == XMPNamespace.meta else {
            throw XMPEditError("is no XMP: rdf:RDF stands in \(document.root.written)")
        }
        let description = XMLName(namespace: XMPNamespace.rdf, local: "Description")
        let found = document.children(of: rdf).filter { $0.name == description }
        let subjects = Set(found.compactMap(Self.subject).filter { !$0.isEmpty })
        guard subjects.count <= 1 else {
            throw XMPEditError(
                "speaks of several things (rdf:about), of which one cannot be chosen")
        }
        self.document = document
        self.rdf = rdf
        descriptions = found
    }

    /// What a description is about; old writers left the prefix out.
    private static func subject(_ description: XMLElement) -> String? {
        let about = XMLName(namespace: XMPNamespace.rdf, local: "about")
        return
            (description.attribute(about)
            ?? description.attribute(XMLName(namespace: "", local: "about")))?.value
    }

    /// Where a property stands; `nil` if nowhere.
    ///
    /// - Throws: `XMPEditError` if it stands in several places.
    func place(of property: XMPProperty) throws(XMPEditError) -> PropertyPlace? {
        var places: [PropertyPlace] = []
        for description in descriptions {
            for attribute in description.attributes where attribute.name == property.name {
                places.append(.attribute(description, attribute))
            }
            for child in document.children(of: description) where child.name == property.name {
                places.append(.element(child))
            }
        }
        guard places.count <= 1 else { throw .ambiguous(property, "stands there more than once") }
        return places.first
    }

    /// The description that a new property goes to: one that has others of its namespace, else the first.
    func home(of property: XMPProperty) -> XMLElement? {
        let namespace = property.name.namespace
        return descriptions.first { description in
            description.attributes.contains { $0.name.namespace == namespace }
                || document.children(of: description).contains { $0.name.namespace == namespace }
        } ?? descriptions.first { !$0.isSelfClosing } ?? descriptions.first
    }
}
