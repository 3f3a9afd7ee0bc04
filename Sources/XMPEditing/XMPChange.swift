import XMPWriting

/// One change of one property, as the bytes that it leads to.
struct XMPChange {
    let packet: XMPDescriptions
    private static let defaultLanguage = "x-default"

    private var document: XMLDocument { packet.document }

    /// Takes a property away as a whole, with the white space before it.
    func remove(_ place: PropertyPlace) -> [UInt8] {
        switch place {
        case .attribute(_, let attribute): document.replacing(attribute.range, by: "")
        case .element(let element): remove(element)
        }
    }

    /// Takes an element away with the white space before it.
    private func remove(_ element: XMLElement) -> [UInt8] {
        let start = document.space(before: element.startTag.lowerBound).lowerBound
        return document.replacing(start..<element.range.upperBound, by: "")
    }

    // MARK: - Texts

    /// What a text says: the default language's, or the first.
    func text(of value: XMPValue) -> String? {
        switch value {
        case .plain(let text): text
        case .empty: nil
        case .array(_, let items): defaultItem(items)?.text
        }
    }

    private func defaultItem(_ items: [XMPItem]) -> XMPItem? {
        items.first { $0.language == Self.defaultLanguage } ?? items.first
    }

    /// Sets a text; other languages stay.
    ///
    /// - Parameters:
    ///   - property: Which one.
    ///   - text: What it is to say.
    ///   - isLocalised: Whether the property is meant to be said in several languages.
    /// - Returns: The new text of the document.
    /// - Throws: `XMPEditError` for forms that are not edited.
    func set(
        _ property: XMPProperty, to text: String, isLocalised: Bool
    ) throws(XMPEditError) -> [UInt8] {
        guard let place = try packet.place(of: property) else {
            let insertion = XMPInsertion(packet: packet)
            return isLocalised
                ? insertion.localised(property, text) : insertion.plain(property, text)
        }
        switch (place, try packet.value(of: property, at: place)) {
        case (.attribute(_, let attribute), _):
            return document.replacing(
                attribute.valueRange, by: XMLEscaping.attribute(text, quote: attribute.quote))
        case (.element(let element), .plain):
            return document.replacing(element.content, by: XMLEscaping.element(text))
        case (.element(let element), .empty):
            return fill(element, with: XMLEscaping.element(text))
        case (.element, .array(let array, let items)):
            return try set(property, to: text, array, items)
        }
    }

    private func set(
        _ property: XMPProperty, to text: String, _ array: XMLElement, _ items: [XMPItem]
    ) throws(XMPEditError) -> [UInt8] {
        let isAlternative = array.name.local == "Alt"
        let item =
            isAlternative
            ? items.first { $0.language == Self.defaultLanguage || $0.language == nil }
            : items.first
        if let item {
            guard item.text != nil else {
                throw .ambiguous(property, "is a structure or has qualifiers")
            }
            return fill(item.element, with: XMLEscaping.element(text))
        }
        return add(
            [text], to: array, items, attributes: isAlternative ? " xml:lang=\"x-default\"" : "",
            atStart: true)
    }

    /// Takes a text away; other languages stay.
    func removeText(_ property: XMPProperty) throws(XMPEditError) -> [UInt8] {
        guard let place = try packet.place(of: property) else { return document.text }
        if case .array(_, let items) = try packet.value(of: property, at: place), items.count > 1,
            let item = defaultItem(items)
        {
            return remove(item.element)
        }
        return remove(place)
    }

    /// Replaces what is in an element.
    private func fill(_ element: XMLElement, with content: String) -> [UInt8] {
        guard element.isSelfClosing else {
            return document.replacing(element.content, by: content)
        }
        let slash = document.space(before: element.startTag.upperBound - 2)
        return document.replacing(
            slash.lowerBound..<element.startTag.upperBound,
            by: ">" + content + "</\(element.written)>")
    }

    // MARK: - Lists

    /// The items of a list; a plain value is one, and what is no text is `nil`.
    func items(of property: XMPProperty) throws(XMPEditError) -> [String?] {
        guard let place = try packet.place(of: property) else { return [] }
        switch try packet.value(of: property, at: place) {
        case .plain(let text): return text.allSatisfy(\.isWhitespace) ? [] : [text]
        case .empty: return []
        case .array(_, let items): return items.map(\.text)
        }
    }

    /// Adds items at a list's end.
    ///
    /// - Parameters:
    ///   - added: The items.
    ///   - property: Of which list.
    ///   - kind: `Bag` or `Seq`, where there is no array yet.
    /// - Returns: The new text of the document.
    /// - Throws: `XMPEditError` for forms that are not edited.
    func add(
        _ added: [String], to property: XMPProperty, kind: String
    ) throws(XMPEditError) -> [UInt8] {
        let insertion = XMPInsertion(packet: packet)
        guard let place = try packet.place(of: property) else {
            return insertion.array(property, kind, added)
        }
        switch (place, try packet.value(of: property, at: place)) {
        case (_, .array(let array, let items)):
            return add(added, to: array, items, attributes: "", atStart: false)
        case (.attribute(_, let attribute), _):
            let isBlank = attribute.value.allSatisfy(\.isWhitespace)
            let removed = try XMPDescriptions(XMLDocument(remove(place)))
            return XMPInsertion(packet: removed)
                .array(property, kind, (isBlank ? [] : [attribute.value]) + added)
        case (.element(let element), .plain(let text)):
            let isBlank = text.allSatisfy(\.isWhitespace)
            return replaceContent(of: element, kind, (isBlank ? [] : [text]) + added)
        case (.element(let element), .empty):
            return replaceContent(of: element, kind, added)
        }
    }

    private func replaceContent(of element: XMLElement, _ kind: String, _ items: [String])
        -> [UInt8]
    {
        let rdf = document.prefix(of: XMPNamespace.rdf, in: element) ?? "rdf"
        let own = XMPLayout.indentation(document, before: element.startTag.lowerBound)
        let base = own.map { XMPLayout.newline(document) + $0 } ?? ""
        let step = own == nil ? "" : " "
        let array = XMPInsertion.array(
            kind, items, rdf: rdf, outer: base + step, inner: base + step + step)
        return fill(element, with: array + base)
    }

    private func add(
        _ added: [String], to array: XMLElement, _ items: [XMPItem], attributes: String,
        atStart: Bool
    ) -> [UInt8] {
        let rdf = String(array.written.prefix { $0 != ":" })
        let prefix = array.written.contains(":") ? rdf + ":" : ""
        let own = XMPLayout.indentation(document, before: array.startTag.lowerBound)
        let newline = XMPLayout.newline(document)
        let last = items.last.flatMap {
            XMPLayout.indentation(document, before: $0.element.startTag.lowerBound)
        }
        let isInLine = items.isEmpty ? own == nil : last == nil
        let indentation = isInLine ? "" : newline + (last ?? (own ?? "") + " ")
        let text = added.map { item in
            indentation + "<\(prefix)li\(attributes)>\(XMLEscaping.element(item))</\(prefix)li>"
        }.joined()
        if array.isSelfClosing {
            return fill(array, with: text + (own.map { newline + $0 } ?? ""))
        }
        let place =
            atStart
            ? array.startTag.upperBound
            : items.last?.element.range.upperBound ?? array.startTag.upperBound
        return document.replacing(place..<place, by: text)
    }

    /// Takes items out of a list, and the list away where none is left.
    func remove(
        from property: XMPProperty, where isRemoved: (String) -> Bool
    ) throws(XMPEditError) -> [UInt8] {
        guard let place = try packet.place(of: property) else { return document.text }
        switch try packet.value(of: property, at: place) {
        case .empty: return document.text
        case .plain(let text): return isRemoved(text) ? remove(place) : document.text
        case .array(_, let items):
            let gone = items.filter { $0.text.map(isRemoved) ?? false }
            guard !gone.isEmpty else { return document.text }
            guard gone.count < items.count else { return remove(place) }
            var text = document.text
            for item in gone.reversed() {
                let range = item.element.range
                let start = document.space(before: range.lowerBound).lowerBound
                text.removeSubrange(start..<range.upperBound)
            }
            return text
        }
    }
}
