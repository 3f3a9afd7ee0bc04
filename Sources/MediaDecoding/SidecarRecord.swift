/// What Vignette wrote into a sidecar last, as it stands there in a namespace of its own.
///
/// By it a later run, also on another machine, tells Vignette's words from a person's. It names the text's
/// writer and says nothing of how the picture was made.
public struct SidecarRecord: Codable, Equatable, Sendable {
    /// The namespace; no document stands behind it.
    ///
    /// It ends with a slash, since Exiv2's library, and so digiKam and darktable, adds one where there is none.
    public static let namespace = "urn:vignette:xmp:1.0:/"
    /// What it was before, which is still read.
    package static let formerNamespace = "urn:vignette:xmp:1.0:"

    /// Who wrote a text that Vignette put into a sidecar.
    public enum Author: String, Codable, Sendable {
        /// A person, at Vignette.
        case human
        /// A model.
        case model
    }

    /// The program and its version.
    public var writer: String?
    /// Tells the catalogue that wrote it from all others.
    public var library: String?
    /// Tells this writing of the sidecar from those before and after it.
    public var edition: String?
    /// The model and its version, where one wrote the caption or tags.
    public var model: String?
    /// The caption.
    public var caption: String?
    /// Who wrote the caption.
    public var captionAuthor: Author?
    /// The title, which only people write.
    public var title: String?
    /// The alternative text, which is made from the caption.
    public var alternativeText: String?
    /// Tags that a model gave, paths with a slash between their terms.
    public var modelTags: [String]
    /// Tags that people gave, likewise.
    public var humanTags: [String]

    /// Builds a record from its parts, each cut as `EmbeddedTexts` cuts it.
    public init(
        writer: String? = nil, library: String? = nil, edition: String? = nil,
        model: String? = nil, caption: String? = nil,
        captionAuthor: Author? = nil, title: String? = nil, alternativeText: String? = nil,
        modelTags: [String] = [], humanTags: [String] = []
    ) {
        let texts = EmbeddedTexts(
            title: title, caption: caption, alternativeText: alternativeText, keywords: modelTags)
        self.writer = EmbeddedTexts(title: writer).title
        self.library = EmbeddedTexts(title: library).title
        self.edition = EmbeddedTexts(title: edition).title
        self.model = EmbeddedTexts(title: model).title
        self.caption = texts.caption
        self.captionAuthor = texts.caption == nil ? nil : captionAuthor ?? .model
        self.title = texts.title
        self.alternativeText = texts.alternativeText
        self.modelTags = texts.keywords
        self.humanTags = EmbeddedTexts(keywords: humanTags).keywords
    }

    /// Whether it names nothing that was written.
    public var isEmpty: Bool {
        caption == nil && title == nil && alternativeText == nil && modelTags.isEmpty
            && humanTags.isEmpty
    }

    /// Whether building it anew from its parts would cut nothing.
    var isWithinBounds: Bool {
        self
            == SidecarRecord(
                writer: writer, library: library, edition: edition, model: model, caption: caption,
                captionAuthor: captionAuthor, title: title, alternativeText: alternativeText,
                modelTags: modelTags, humanTags: humanTags)
    }
}

extension EmbeddedTexts {
    /// What is left without the words that a model wrote, as a record has them.
    ///
    /// The alternative text goes with them: it was made from the caption, whoever wrote that.
    package func without(modelsOf record: SidecarRecord) -> EmbeddedTexts {
        without(
            SidecarRecord(
                caption: record.captionAuthor == .model ? record.caption : nil,
                alternativeText: record.alternativeText, modelTags: record.modelTags))
    }

    /// What is left without all that a record has.
    package func without(_ record: SidecarRecord) -> EmbeddedTexts {
        var left = self
        if caption != nil, caption == record.caption { left.caption = nil }
        if title != nil, title == record.title { left.title = nil }
        if alternativeText != nil, alternativeText == record.alternativeText {
            left.alternativeText = nil
        }
        let tags = Set((record.modelTags + record.humanTags).map { $0.lowercased() })
        guard !tags.isEmpty else { return left }
        left.keywords.removeAll { tags.contains($0.lowercased()) }
        left.keywordPaths.removeAll { tags.contains($0.joined(separator: "/").lowercased()) }
        // The narrowest term of a path is a keyword: of those that are left it counts on.
        return EmbeddedTexts(merging: [left])
    }
}
