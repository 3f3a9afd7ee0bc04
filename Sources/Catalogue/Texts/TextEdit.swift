public import Foundation

/// What a person changes of what is said about a picture or clip.
public struct TextEdit: Equatable, Sendable {
    /// What becomes of one text.
    public enum Words: Equatable, Sendable {
        /// It stays as it is.
        case keep
        /// The person's word, which counts before everybody's.
        case say(String)
        /// Nothing is to be said, whatever a sidecar or a model says.
        case silence
        /// The person has no word on it any more: the sidecar's or the model's counts again.
        case withdraw
    }

    /// The caption.
    public var caption: Words
    /// The title.
    public var title: Words
    /// Tags to give, as the person writes them; a slash separates the terms of a path.
    public var given: [String]
    /// Tags to remove, for good: they stay removed if a sidecar or a model names them again.
    public var taken: [String]
    /// Tags on which the person has no word any more.
    public var withdrawn: [String]

    /// Builds an edit from its parts; by default it changes nothing.
    public init(
        caption: Words = .keep, title: Words = .keep, given: [String] = [], taken: [String] = [],
        withdrawn: [String] = []
    ) {
        self.caption = caption
        self.title = title
        self.given = given
        self.taken = taken
        self.withdrawn = withdrawn
    }

    /// The longest text that is taken, in bytes of UTF-8.
    public static let mostTextBytes = 65_536
    /// The most tags that are given, removed and withdrawn at a time.
    public static let mostTags = 1000
    /// The longest tag that is taken, in bytes of UTF-8.
    public static let mostTagBytes = 1024
}

/// Through what an edit came, and by whom.
public struct EditAuthor: Equatable, Sendable {
    /// Through what.
    public enum Origin: String, Codable, Sendable {
        /// The command line.
        case terminal
        /// The page in a browser.
        case page
        /// A tag of the model's that another program took out of a sidecar, or put back.
        case sidecar
        /// An import of texts from another catalogue.
        case `import`
    }

    /// Through what.
    public var origin: Origin
    /// The person's name on this machine.
    public var name: String

    /// Builds an author from its parts.
    public init(_ origin: Origin, name: String) {
        self.origin = origin
        self.name = name
    }
}

/// What one edit did to one asset.
public struct EditRecord: Equatable, Sendable {
    /// A field's word before and after; `nil` where the person had none, empty where nothing is to be said.
    public struct Step: Codable, Equatable, Sendable {
        /// Before.
        public var from: String?
        /// After.
        public var to: String?
    }

    /// Its number, rising in the order in which edits were made.
    public var number: Int64
    /// What tells it from every other, in every catalogue.
    public var uuid: String
    /// When.
    public var at: Date
    /// By whom.
    public var author: EditAuthor
    /// What it did.
    public var change: EditChange
    /// The edit that it took back.
    public var undoes: String?
    /// Whether a later edit took this one back.
    public var isUndone: Bool
}

/// The fields that an edit changed.
public struct EditChange: Codable, Equatable, Sendable {
    /// The caption.
    public var caption: EditRecord.Step?
    /// The title.
    public var title: EditRecord.Step?
    /// Tags by their names in small letters; a word on a tag is how it is written, or empty where it was removed.
    public var tags: [String: EditRecord.Step]?

    /// Whether it changes nothing.
    var isEmpty: Bool { caption == nil && title == nil && (tags ?? [:]).isEmpty }

    /// The change that takes this one back.
    var reversed: EditChange {
        EditChange(
            caption: caption?.reversed, title: title?.reversed,
            tags: tags?.mapValues(\.reversed))
    }
}

extension EditRecord.Step {
    /// From the state after to that before.
    var reversed: EditRecord.Step { EditRecord.Step(from: to, to: from) }
}
