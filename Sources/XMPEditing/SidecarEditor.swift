public import MediaDecoding
import XMPWriting

/// Edits XMP sidecars and keeps every byte of theirs that it need not change.
///
/// One property after the other is found by its namespace, and its range of bytes replaced; after each change the
/// text is parsed anew. Serialisation: XMP specification part 1 (ISO 16684-1), section 7.
public struct SidecarEditor {
    private var text: [UInt8]
    private let encoding: XMLEncoding

    /// Edits a sidecar.
    ///
    /// - Parameters:
    ///   - edit: What is to be changed.
    ///   - sidecar: Its bytes, in UTF-8 or UTF-16; `nil` makes a new one.
    /// - Returns: The new bytes; the same where there is nothing to change.
    /// - Throws: `XMPEditError` for what cannot be parsed, or has no one meaning.
    public static func apply(
        _ edit: SidecarEdit, to sidecar: [UInt8]?
    ) throws(XMPEditError) -> [UInt8] {
        var editor = try SidecarEditor(sidecar ?? NewSidecar.blank)
        try editor.apply(edit)
        let result = editor.encoding.encode(editor.text)
        guard result.count <= SidecarEdit.maximumSidecar else {
            throw XMPEditError("would be larger than \(SidecarEdit.maximumSidecar >> 20) MiB")
        }
        return result
    }

    private init(_ sidecar: [UInt8]) throws(XMPEditError) {
        guard sidecar.count <= SidecarEdit.maximumSidecar else {
            throw XMPEditError(
                "has \(sidecar.count) bytes, above the \(SidecarEdit.maximumSidecar) of a sidecar "
                    + "that is edited")
        }
        encoding = XMLEncoding(of: sidecar)
        text = try encoding.decode(sidecar)
        guard encoding.encode(text) == sidecar else {
            throw XMPEditError("has bytes that its encoding does not lead to")
        }
        if let name = try XMLDocument(text).declaredEncoding, !encoding.isDeclared(as: name) {
            throw XMPEditError("declares the encoding \(name), which is not edited")
        }
    }

    private func packet() throws(XMPEditError) -> XMPDescriptions {
        try XMPDescriptions(XMLDocument(text))
    }

    private mutating func change(
        _ body: (XMPChange) throws(XMPEditError) -> [UInt8]
    ) throws(XMPEditError) {
        text = try body(XMPChange(packet: packet()))
    }

    private mutating func apply(_ edit: SidecarEdit) throws(XMPEditError) {
        _ = try packet()
        try setCaption(edit.caption)
        try set(.title, to: edit.title)
        try set(.alternativeText, to: edit.alternativeText)
        try changeTags(adding: edit.addedTags, removing: edit.removedTags)
        if let record = edit.record { try write(record) }
        if let suffix = edit.fileExtension { try name(suffix) }
        // What was made must be XMP as well.
        _ = try packet()
    }
}

// MARK: - Texts

extension SidecarEditor {
    private mutating func setCaption(_ edit: SidecarEdit.Text?) throws(XMPEditError) {
        guard let edit else { return }
        // Some programs show this one before the other; where it says something else, it is somebody's.
        let also = try current(.imageDescription)
        try set(.caption, to: edit)
        if let also, also.isEmpty || also == tidy(edit.former) || also == tidy(edit.text) {
            try set(.imageDescription, to: edit)
        }
    }

    /// What a text says; empty where the property stands there and says nothing, `nil` without it.
    private func current(_ property: XMPProperty) throws(XMPEditError) -> String? {
        let packet = try packet()
        guard let place = try packet.place(of: property) else { return nil }
        let value = try packet.value(of: property, at: place)
        return tidy(XMPChange(packet: packet).text(of: value)) ?? ""
    }

    private mutating func set(
        _ property: XMPProperty, to edit: SidecarEdit.Text?, isLocalised: Bool = true
    ) throws(XMPEditError) {
        guard let edit, tidy(edit.text) ?? "" != (try current(property)) ?? "" else { return }
        try change { change throws(XMPEditError) in
            guard let text = edit.text else { return try change.removeText(property) }
            return try change.set(property, to: text, isLocalised: isLocalised)
        }
    }

    /// A text as it is compared, and as it is read.
    private func tidy(_ text: String?) -> String? {
        EmbeddedTexts(caption: text).caption
    }

    private mutating func name(_ suffix: String) throws(XMPEditError) {
        guard try current(.sidecarForExtension) ?? "" == "" else { return }
        try set(.sidecarForExtension, to: SidecarEdit.Text(suffix), isLocalised: false)
    }
}

// MARK: - Tags

extension SidecarEditor {
    private mutating func changeTags(
        adding added: [[String]], removing removed: [[String]]
    ) throws(XMPEditError) {
        guard !added.isEmpty || !removed.isEmpty else { return }
        for field in KeywordField.all where !removed.isEmpty {
            let gone = removed.map(TagPath.init)
            try change { change throws(XMPEditError) in
                try change.remove(from: field.property) { item in
                    let path = TagPath(item, in: field)
                    return gone.contains { path.isRemoved(by: $0) }
                }
            }
        }
        let paths = added.map(TagPath.init)
        try add(paths, to: .subject, kind: "Bag")
        try add(paths, to: .hierarchicalSubject, kind: "Bag")
        // One program reads this field and no other, so that what it lacks would be hidden there.
        try add(try everyTag(), to: .tagsList, kind: "Seq")
    }

    private mutating func add(
        _ paths: [TagPath], to field: KeywordField, kind: String
    ) throws(XMPEditError) {
        var known = Set(try tags(in: field).map { $0.key })
        let new = paths.compactMap { path -> String? in
            let path = field.separator == nil ? path.leaf : path
            let item = path.terms.joined(separator: field.separator.map(String.init) ?? "")
            // As it will be read: a term may hold the separator itself.
            let isNew = known.insert(TagPath(item, in: field).key).inserted
            return isNew && !path.terms.isEmpty ? item : nil
        }
        guard !new.isEmpty else { return }
        try change { change throws(XMPEditError) in
            try change.add(new, to: field.property, kind: kind)
        }
    }

    private func tags(in field: KeywordField) throws(XMPEditError) -> [TagPath] {
        try XMPChange(packet: packet()).items(of: field.property)
            .compactMap { $0.map { TagPath($0, in: field) } }.filter { !$0.terms.isEmpty }
    }

    /// The tags of all fields: paths, and those that no path ends with.
    private func everyTag() throws(XMPEditError) -> [TagPath] {
        var paths: [TagPath] = []
        for field in KeywordField.all where field.separator != nil { paths += try tags(in: field) }
        let leaves = Set(paths.map(\.leaf.key))
        return paths + (try tags(in: .subject)).filter { !leaves.contains($0.key) }
    }
}

// MARK: - Vignette's own namespace

extension SidecarEditor {
    private mutating func write(_ record: SidecarRecord) throws(XMPEditError) {
        let texts = [
            ("Writer", record.writer), ("Library", record.library),
            ("Edition", record.edition), ("Model", record.model),
            ("Caption", record.caption),
            ("CaptionAuthor", record.captionAuthor?.rawValue), ("Title", record.title),
            ("AlternativeText", record.alternativeText),
        ]
        for (name, text) in texts {
            try set(.own(name), to: SidecarEdit.Text(text), isLocalised: false)
        }
        try write("ModelTags", record.modelTags)
        try write("HumanTags", record.humanTags)
    }

    private mutating func write(_ name: String, _ tags: [String]) throws(XMPEditError) {
        let property = XMPProperty.own(name)
        let wanted = Set(tags)
        try change { change throws(XMPEditError) in
            try change.remove(from: property) { !wanted.contains($0) }
        }
        let known = Set(try XMPChange(packet: packet()).items(of: property))
        let new = tags.filter { !known.contains($0) }
        guard !new.isEmpty else { return }
        try change { change throws(XMPEditError) in
            try change.add(new, to: property, kind: "Bag")
        }
    }
}
