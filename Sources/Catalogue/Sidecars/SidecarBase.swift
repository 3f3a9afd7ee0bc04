import Foundation
public import MediaDecoding

/// What a sidecar and the catalogue agreed on when it was written last: the base of the next merge.
public struct SidecarBase: Codable, Equatable, Sendable {
    /// What Vignette wrote.
    public var written: SidecarRecord
    /// All tags that the sidecar had then, by their names in small letters; `nil` where nobody knows, since
    /// another catalogue wrote it.
    public var tags: [String]?
    /// Tags that are given here and were taken out of the sidecar elsewhere, by their names in small letters.
    public var refused: [String]?
    /// Tags that a person removed here and that were put into the sidecar again elsewhere, likewise.
    public var kept: [String]?

    /// Builds a base from its parts.
    public init(
        written: SidecarRecord = SidecarRecord(), tags: [String]? = nil, refused: [String]? = nil,
        kept: [String]? = nil
    ) {
        self.written = written
        self.tags = tags
        self.refused = refused
        self.kept = kept
    }

    /// Reads what was stored; `nil` for nothing, and for what cannot be read.
    init?(stored text: String?) {
        guard let text,
            let base = try? JSONDecoder().decode(SidecarBase.self, from: Data(text.utf8))
        else { return nil }
        self = base
    }

    /// The JSON that is stored.
    func stored() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension SidecarRecord {
    /// All tags that Vignette wrote, by their names in small letters.
    public var tagNames: Set<String> {
        Set((modelTags + humanTags).map { $0.lowercased() })
    }
}

extension SidecarFacts {
    /// The sidecar's own word: without what Vignette wrote into it.
    ///
    /// What this catalogue wrote is known by its base and is left out, a person's words as well, which it has
    /// itself. Of what another catalogue wrote, a model's words are left out and people's count. Else a caption of
    /// an old model would count before a newer model's.
    ///
    /// - Parameter base: What this catalogue wrote last, if anything.
    /// - Returns: What is left of its texts.
    func words(besides base: SidecarBase?) -> EmbeddedTexts {
        // Of the edition that this catalogue knows, it knows best what of it still stands there.
        let isKnown = base != nil && base?.written.edition == record?.edition
        var words = texts
        if let record, !isKnown { words = words.without(modelsOf: record) }
        if let base { words = words.without(base.written) }
        return words
    }
}
