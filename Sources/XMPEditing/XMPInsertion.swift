import XMPWriting

/// Puts a property where there was none.
struct XMPInsertion {
    let packet: XMPDescriptions

    private var document: XMLDocument { packet.document }

    /// A plain text.
    func plain(_ property: XMPProperty, _ text: String) -> [UInt8] {
        insert(property) { name, _, _ in
            "<\(name)>\(XMLEscaping.element(text))</\(name)>"
        }
    }

    /// A text in the default language, as `rdf:Alt`.
    func localised(_ property: XMPProperty, _ text: String) -> [UInt8] {
        array(property, "Alt", [text], attributes: " xml:lang=\"x-default\"")
    }

    /// Keywords, as `rdf:Bag` or `rdf:Seq`.
    func array(
        _ property: XMPProperty, _ kind: String, _ items: [String], attributes: String = ""
    ) -> [UInt8] {
        insert(property) { name, rdf, layout in
            "<\(name)>"
                + Self.array(
                    kind, items, attributes: attributes, rdf: rdf, outer: layout.level(1),
                    inner: layout.level(2)) + layout.level(0) + "</\(name)>"
        }
    }

    /// An array's element, with the line's ends before its tags.
    static func array(
        _ kind: String, _ items: [String], attributes: String = "", rdf: String, outer: String,
        inner: String
    ) -> String {
        let lines = items.map { item in
            "\(inner)<\(rdf):li\(attributes)>\(XMLEscaping.element(item))</\(rdf):li>"
        }
        return "\(outer)<\(rdf):\(kind)>\(lines.joined())\(outer)</\(rdf):\(kind)>"
    }

    /// Puts the property into the description that it goes to best.
    ///
    /// - Parameters:
    ///   - property: Which one.
    ///   - element: Makes its element of its written name, RDF's prefix and the layout.
    /// - Returns: The new text of the document.
    private func insert(
        _ property: XMPProperty, _ element: (String, String, XMPLayout) -> String
    ) -> [UInt8] {
        guard let home = packet.home(of: property) else {
            return insertDescription(property, element)
        }
        let layout = XMPLayout(document, home)
        let known = document.prefix(of: property.name.namespace, in: home)
        let prefix = known ?? unused(property.prefix, in: home)
        let rdf = document.prefix(of: XMPNamespace.rdf, in: home) ?? "rdf"
        let text = layout.level(0) + element("\(prefix):\(property.name.local)", rdf, layout)
        let declaration =
            known == nil
            ? separator(in: home) + "xmlns:\(prefix)=\"\(property.name.namespace)\"" : ""
        return splice(text, declaring: declaration, into: home)
    }

    private func splice(_ text: String, declaring declaration: String, into home: XMLElement)
        -> [UInt8]
    {
        let tagEnd = home.startTag.upperBound - (home.isSelfClosing ? 2 : 1)
        let attributesEnd =
            home.attributes.last?.range.upperBound ?? document.space(before: tagEnd).lowerBound
        if home.isSelfClosing {
            let outer =
                XMPLayout.indentation(document, before: home.startTag.lowerBound)
                .map { XMPLayout.newline(document) + $0 } ?? ""
            return document.replacing(
                attributesEnd..<home.startTag.upperBound,
                by: declaration + ">" + text + outer + "</\(home.written)>")
        }
        let place =
            home.children.last.map { document.elements[$0].range.upperBound }
            ?? home.startTag.upperBound
        let inserted = document.replacing(place..<place, by: text)
        // The start tag stands before what was inserted, so that its places still hold.
        return Array(inserted[..<attributesEnd]) + Array(declaration.utf8)
            + Array(inserted[attributesEnd...])
    }

    /// What stands between the attributes of a tag: a line's end and indentation, or a space.
    private func separator(in element: XMLElement) -> String {
        guard let last = element.attributes.last else { return " " }
        let text = document.string(last.range)
        return String(text.prefix { $0.isWhitespace })
    }

    /// The best known prefix, or one like it that stands for nothing here.
    private func unused(_ prefix: String, in element: XMLElement) -> String {
        var number = 1
        var candidate = prefix
        while document.namespace(of: candidate, in: element) != nil {
            number += 1
            candidate = "\(prefix)\(number)"
        }
        return candidate
    }

    /// A packet without a description gets one.
    private func insertDescription(
        _ property: XMPProperty, _ element: (String, String, XMPLayout) -> String
    ) -> [UInt8] {
        let layout = XMPLayout(document, packet.rdf)
        let rdf = document.prefix(of: XMPNamespace.rdf, in: packet.rdf) ?? "rdf"
        let prefix = unused(property.prefix, in: packet.rdf)
        let name = "\(prefix):\(property.name.local)"
        let text =
            layout.level(0) + "<\(rdf):Description \(rdf):about=\"\""
            + " xmlns:\(prefix)=\"\(property.name.namespace)\">"
            + layout.level(1) + element(name, rdf, layout) + layout.level(0)
            + "</\(rdf):Description>"
        return splice(text, declaring: "", into: packet.rdf)
    }
}
