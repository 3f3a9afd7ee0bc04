package import MediaDecoding

/// A sidecar that did not exist before, written from nothing.
///
/// Nothing of a stranger is parsed for it, so that it needs no child. Byte for byte it is what
/// `SidecarEditor` makes of `blank` by the same edit.
package struct NewSidecar {
    /// A sidecar that says nothing.
    package static let blank = [UInt8]((head + ">" + tail).utf8)

    private static let head = """
        <?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Vignette">
         <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
          <rdf:Description rdf:about=""
        """

    private static let tail = """

          </rdf:Description>
         </rdf:RDF>
        </x:xmpmeta>
        <?xpacket end="w"?>

        """

    private var declared: Set<String> = []
    private var declarations = ""
    private var body = ""

    /// Writes a sidecar.
    ///
    /// - Parameter edit: What it is to say; whatever it takes away is not there anyway.
    /// - Returns: The bytes; `nil` where they are more than a sidecar may have.
    package static func bytes(saying edit: SidecarEdit) -> [UInt8]? {
        var sidecar = NewSidecar()
        sidecar.write(edit)
        let bytes = [UInt8]((head + sidecar.declarations + ">" + sidecar.body + tail).utf8)
        return bytes.count <= SidecarEdit.maximumSidecar ? bytes : nil
    }

    private mutating func write(_ edit: SidecarEdit) {
        localised(.caption, edit.caption?.text)
        localised(.title, edit.title?.text)
        localised(.alternativeText, edit.alternativeText?.text)
        tags(edit.addedTags.map(TagPath.init))
        if let record = edit.record { write(record) }
        plain(.sidecarForExtension, edit.fileExtension)
    }

    private mutating func write(_ record: SidecarRecord) {
        let texts = [
            ("Writer", record.writer), ("Library", record.library), ("Edition", record.edition),
            ("Model", record.model), ("Caption", record.caption),
            ("CaptionAuthor", record.captionAuthor?.rawValue), ("Title", record.title),
            ("AlternativeText", record.alternativeText),
        ]
        for (name, text) in texts { plain(.own(name), text) }
        list(.own("ModelTags"), "Bag", record.modelTags)
        list(.own("HumanTags"), "Bag", record.humanTags)
    }

    // MARK: - Tags

    private mutating func tags(_ paths: [TagPath]) {
        let leaves = items(paths.map(\.leaf), of: .subject)
        list(.subject, "Bag", leaves)
        let whole = items(paths, of: .hierarchicalSubject)
        list(.hierarchicalSubject, "Bag", whole)
        // As they are read from the other two, since a term may hold what separates terms there.
        let read = whole.map { TagPath($0, in: .hierarchicalSubject) }.filter { !$0.terms.isEmpty }
        let ends = Set(read.map(\.leaf.key))
        let others = leaves.map { TagPath($0, in: .subject) }.filter {
            !$0.terms.isEmpty && !ends.contains($0.key)
        }
        list(.tagsList, "Seq", items(read + others, of: .tagsList))
    }

    /// Tags as a field has them, each once.
    private func items(_ paths: [TagPath], of field: KeywordField) -> [String] {
        var known: Set<String> = []
        return paths.compactMap { path in
            let item = path.terms.joined(separator: field.separator.map(String.init) ?? "")
            let isNew = known.insert(TagPath(item, in: field).key).inserted
            return isNew && !path.terms.isEmpty ? item : nil
        }
    }

    // MARK: - Elements

    private static func line(_ depth: Int) -> String {
        "\n" + String(repeating: " ", count: 3 + depth)
    }

    /// Begins a property; its namespace is declared where it is used first.
    private mutating func name(of property: XMPProperty) -> String {
        if declared.insert(property.name.namespace).inserted {
            declarations += " xmlns:\(property.prefix)=\"\(property.name.namespace)\""
        }
        return "\(property.prefix):\(property.name.local)"
    }

    private mutating func plain(_ property: XMPProperty, _ text: String?) {
        guard let text, says(text) else { return }
        let name = name(of: property)
        body += Self.line(0) + "<\(name)>\(XMLEscaping.element(text))</\(name)>"
    }

    private mutating func localised(_ property: XMPProperty, _ text: String?) {
        guard let text, says(text) else { return }
        list(property, "Alt", [text], attributes: " xml:lang=\"x-default\"")
    }

    private mutating func list(
        _ property: XMPProperty, _ kind: String, _ items: [String], attributes: String = ""
    ) {
        guard !items.isEmpty else { return }
        let name = name(of: property)
        body += Self.line(0) + "<\(name)>" + Self.line(1) + "<rdf:\(kind)>"
        for item in items {
            body += Self.line(2) + "<rdf:li\(attributes)>\(XMLEscaping.element(item))</rdf:li>"
        }
        body += Self.line(1) + "</rdf:\(kind)>" + Self.line(0) + "</\(name)>"
    }

    /// Whether a text says anything, as it will be read.
    private func says(_ text: String) -> Bool {
        EmbeddedTexts(caption: text).caption != nil
    }
}
