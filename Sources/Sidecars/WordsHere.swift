import Catalogue
import MediaDecoding

/// What the catalogue says, as a sidecar would say it: cut and tidied like what is read from one.
struct WordsHere {
    var caption: SidecarWords.Text?
    var title: SidecarWords.Text?
    /// Each tag with its narrowest term beside it, as readers of sidecars see them; by names in small letters.
    var tags: [String: Tag] = [:]
    /// In the order in which they were given.
    var order: [String] = []
    var removed: Set<String>

    struct Tag {
        var written: String
        var author: SidecarRecord.Author
        /// Whether it stands here only as the end of a path.
        var isLeafOnly: Bool
    }

    init(_ words: SidecarWords) {
        caption = words.caption.map { word in
            .init(EmbeddedTexts(caption: Self.writable(word.text)).caption ?? "", by: word.author)
        }
        title = words.title.map { word in
            .init(EmbeddedTexts(title: Self.writable(word.text)).title ?? "", by: word.author)
        }
        removed = Set(words.removedTags.map { TagTerms($0).name })
        for (tags, author) in [
            (words.humanTags, SidecarRecord.Author.human), (words.modelTags, .model),
        ] {
            for tag in tags { add(TagTerms(Self.writable(tag)), author) }
        }
    }

    private mutating func add(_ tag: TagTerms, _ author: SidecarRecord.Author) {
        guard !tag.terms.isEmpty, !removed.contains(tag.name) else { return }
        if tags[tag.name].map(\.isLeafOnly) ?? true {
            if tags[tag.name] == nil { order.append(tag.name) }
            tags[tag.name] = Tag(written: tag.written, author: author, isLeafOnly: false)
        }
        guard tag.terms.count > 1, let leaf = tag.terms.last else { return }
        let name = leaf.lowercased()
        guard tags[name] == nil, !removed.contains(name) else { return }
        tags[name] = Tag(written: leaf, author: author, isLeafOnly: true)
        order.append(name)
    }

    /// Without what XML cannot hold.
    private static func writable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { $0.value != 0xFFFE && $0.value != 0xFFFF }))
    }
}

/// A tag as its terms, tidied as they are when they are read.
struct TagTerms {
    let terms: [String]

    init(_ tag: String) {
        terms = tag.split(separator: "/").compactMap {
            EmbeddedTexts(keywords: [String($0)]).keywords.first
        }
    }

    var written: String { terms.joined(separator: "/") }
    /// By which tags are compared.
    var name: String { written.lowercased() }
}
