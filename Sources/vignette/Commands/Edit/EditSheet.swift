import ArgumentParser
import Catalogue

/// Caption and tags of a picture as text that a person edits.
struct EditSheet: Equatable {
    var caption: String?
    var tags: [String]

    private static let ruler = "--- tags, one a line"

    init(caption: String?, tags: [String]) {
        self.caption = caption
        self.tags = tags
    }

    /// Reads what a person left of the text.
    ///
    /// - Throws: `ValidationError` where the line between caption and tags is gone.
    init(_ text: String) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("#") }
        guard let ruler = lines.firstIndex(where: { $0.hasPrefix("--- tags") }) else {
            throw ValidationError("the line '\(Self.ruler)' is gone; nothing was changed")
        }
        let caption = lines[..<ruler].joined(separator: "\n").trimmed
        self.caption = caption.isEmpty ? nil : caption
        tags = lines[(ruler + 1)...].map { String($0).trimmed }.filter { !$0.isEmpty }
    }

    /// The text.
    var text: String {
        """
        \(caption ?? "")

        # The caption stands above; without one the picture has none. Lines with # in front are left out.
        \(Self.ruler)
        \(tags.joined(separator: "\n"))

        """
    }

    /// What the person changed; `nil` if nothing.
    func edit(from before: EditSheet) -> TextEdit? {
        let names = { (tags: [String]) in Set(tags.map { $0.lowercased() }) }
        let (known, kept) = (names(before.tags), names(tags))
        let edit = TextEdit(
            caption: caption == before.caption ? .keep : caption.map { .say($0) } ?? .silence,
            given: tags.filter { !known.contains($0.lowercased()) },
            taken: before.tags.filter { !kept.contains($0.lowercased()) })
        return edit == TextEdit() ? nil : edit
    }
}

extension String {
    fileprivate var trimmed: String {
        let start = drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
