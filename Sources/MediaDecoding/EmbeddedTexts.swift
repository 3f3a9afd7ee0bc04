/// What people or their programs wrote about a picture, as its file or its sidecar holds it.
public struct EmbeddedTexts: Codable, Equatable, Sendable {
    /// A short name.
    public var title: String?
    /// A description in sentences.
    public var caption: String?
    /// What a screen reader should say (IPTC `AltTextAccessibility`).
    public var alternativeText: String?
    /// The longer form of the same (IPTC `ExtDescrAccessibility`).
    public var extendedDescription: String?
    /// Keywords without their hierarchy, each once, in the order of the file.
    public var keywords: [String]
    /// Keywords as paths from the widest term to the narrowest.
    public var keywordPaths: [[String]]
    /// Stars, 1 … 5; −1 for a picture that was rejected; `nil` for one without a rating.
    public var rating: Int?

    /// Builds texts from their parts, cut to the bounds below.
    public init(
        title: String? = nil, caption: String? = nil, alternativeText: String? = nil,
        extendedDescription: String? = nil, keywords: [String] = [],
        keywordPaths: [[String]] = [], rating: Int? = nil
    ) {
        self.title = Self.line(title)
        self.caption = Self.paragraphs(caption)
        self.alternativeText = Self.paragraphs(alternativeText)
        self.extendedDescription = Self.paragraphs(extendedDescription)
        self.keywords = Self.unique(keywords.lazy.compactMap(Self.line))
        self.keywordPaths = Self.unique(
            keywordPaths.lazy.map { Array($0.lazy.compactMap(Self.line).prefix(Self.maximumDepth)) }
                .filter { $0.count > 1 })
        self.rating = rating.flatMap { (-1...5).contains($0) && $0 != 0 ? $0 : nil }
    }

    /// Whether there is nothing.
    public var isEmpty: Bool { self == EmbeddedTexts() }

    /// The first of each text, and the keywords of all.
    ///
    /// - Parameter parts: Those that count first come first.
    package init(merging parts: [EmbeddedTexts]) {
        let paths = parts.flatMap(\.keywordPaths)
        self.init(
            title: parts.lazy.compactMap(\.title).first,
            caption: parts.lazy.compactMap(\.caption).first,
            alternativeText: parts.lazy.compactMap(\.alternativeText).first,
            extendedDescription: parts.lazy.compactMap(\.extendedDescription).first,
            // The narrowest term of a path is a keyword, whether or not it is listed as one.
            keywords: parts.flatMap(\.keywords) + paths.compactMap(\.last),
            keywordPaths: paths, rating: parts.lazy.compactMap(\.rating).first)
    }
}

extension EmbeddedTexts {
    /// UTF-8 bytes kept of a title or keyword.
    package static let maximumLine = 256
    /// UTF-8 bytes kept of a caption, an alternative text, an extended description.
    package static let maximumParagraphs = 8 << 10
    /// Keywords, and paths of keywords, that are kept.
    package static let maximumKeywords = 256
    /// Terms kept of a path.
    package static let maximumDepth = 16
    /// UTF-8 bytes kept of all keywords, and of all paths.
    package static let maximumKeywordBytes = 16 << 10

    /// Whether building it anew from its parts would cut nothing.
    var isWithinBounds: Bool {
        self
            == EmbeddedTexts(
                title: title, caption: caption, alternativeText: alternativeText,
                extendedDescription: extendedDescription, keywords: keywords,
                keywordPaths: keywordPaths, rating: rating)
    }

    /// One line without control characters, without what surrounds it; `nil` if nothing is left.
    private static func line(_ text: String?) -> String? {
        text.flatMap { tidy($0, keepingLines: false, maximum: maximumLine) }
    }

    private static func paragraphs(_ text: String?) -> String? {
        text.flatMap { tidy($0, keepingLines: true, maximum: maximumParagraphs) }
    }

    private static func tidy(_ text: String, keepingLines: Bool, maximum: Int) -> String? {
        var kept = String.UnicodeScalarView()
        var bytes = 0
        var gap: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control
            if isControl || scalar.properties.isWhitespace {
                let isNewline = keepingLines && (scalar == "\n" || scalar == "\r")
                gap = isNewline || gap == "\n" ? "\n" : " "
                continue
            }
            let width = UTF8.width(scalar) + (gap == nil || kept.isEmpty ? 0 : 1)
            guard bytes + width <= maximum else { break }
            if let gap, !kept.isEmpty { kept.append(gap) }
            gap = nil
            kept.append(scalar)
            bytes += width
        }
        return kept.isEmpty ? nil : String(kept)
    }

    /// The first of equal elements, until a bound is reached.
    private static func unique<Element: Hashable & KeywordSized>(
        _ elements: some Sequence<Element>
    ) -> [Element] {
        var seen: Set<Element> = []
        var kept: [Element] = []
        var bytes = 0
        for element in elements where seen.insert(element).inserted {
            bytes += element.keywordBytes
            guard kept.count < maximumKeywords, bytes <= maximumKeywordBytes else { break }
            kept.append(element)
        }
        return kept
    }
}

/// What takes a number of bytes as a keyword.
private protocol KeywordSized {
    var keywordBytes: Int { get }
}

extension String: KeywordSized {
    fileprivate var keywordBytes: Int { utf8.count }
}

extension [String]: KeywordSized {
    fileprivate var keywordBytes: Int { reduce(0) { $0 + $1.utf8.count } }
}
