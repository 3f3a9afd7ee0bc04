public import MediaDecoding
public import SystemPackage

/// What the catalogue has to say in the sidecar of one file.
public struct SidecarWords: Equatable, Sendable {
    /// A text and who wrote it.
    public struct Text: Equatable, Sendable {
        /// The text; empty where a person said that there is none.
        public var text: String
        /// Who wrote it.
        public var author: SidecarRecord.Author

        /// Builds a text from its parts.
        public init(_ text: String, by author: SidecarRecord.Author) {
            self.text = text
            self.author = author
        }
    }

    /// The caption, a person's before a model's.
    public var caption: Text?
    /// The title.
    public var title: Text?
    /// Tags that people gave, as they write them; a slash separates the terms of a path.
    public var humanTags: [String]
    /// Tags that the model gave.
    public var modelTags: [String]
    /// Tags that a person removed, by their names in small letters.
    public var removedTags: [String]
    /// The model and its version, where one wrote any of it.
    public var model: String?

    /// Builds words from their parts.
    public init(
        caption: Text? = nil, title: Text? = nil, humanTags: [String] = [],
        modelTags: [String] = [], removedTags: [String] = [], model: String? = nil
    ) {
        self.caption = caption
        self.title = title
        self.humanTags = humanTags
        self.modelTags = modelTags
        self.removedTags = removedTags
        self.model = model
    }

    /// Whether there is nothing to say.
    public var isEmpty: Bool {
        caption == nil && title == nil && humanTags.isEmpty && modelTags.isEmpty
            && removedTags.isEmpty
    }
}

/// A file, what its sidecar is to say, and what was written there last.
public struct SidecarTask: Equatable, Sendable {
    /// The file's number.
    public var file: Int64
    /// The folder below which it is.
    public var root: FilePath
    /// Where it is below that.
    public var path: FilePath
    /// What is to be said.
    public var words: SidecarWords
    /// What was written last; `nil` if nothing was.
    public var last: SidecarWrite?
    /// Whether another picture in the folder has the same name but for its extension.
    public var hasNamesakes: Bool
}

/// What was written into a sidecar.
public struct SidecarWrite: Equatable, Sendable {
    /// SHA-256 of the whole sidecar as it was left; empty where there is none.
    public var content: [UInt8]
    /// Tells the words that were brought in.
    public var words: [UInt8]
    /// The base of the next merge.
    public var base: SidecarBase
    /// The base after a write that was begun, and maybe done: the sidecar's edition tells.
    public var next: SidecarBase?
    /// Why the last try came to nothing.
    public var failure: String?
    /// Whether the sidecar lies in the folder apart, and not beside the picture.
    public var isApart: Bool

    /// Builds a write from its parts.
    public init(
        content: [UInt8], words: [UInt8], base: SidecarBase, next: SidecarBase? = nil,
        failure: String? = nil, isApart: Bool = false
    ) {
        self.isApart = isApart
        self.content = content
        self.words = words
        self.base = base
        self.next = next
        self.failure = failure
    }
}

/// A field on which a person here and somebody elsewhere disagree.
public struct SidecarConflict: Equatable, Sendable {
    /// The field: `caption` or `title`.
    public var field: String
    /// The text of the person here; empty for none.
    public var here: String
    /// The text in the sidecar; empty for none.
    public var there: String

    /// Builds a conflict from its parts.
    public init(field: String, here: String, there: String) {
        self.field = field
        self.here = here
        self.there = there
    }
}
