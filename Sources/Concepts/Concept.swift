/// Something that a picture may show, and from when on it is said that it does.
public struct Concept: Equatable, Sendable {
    /// How it is called; the first name is the usual one.
    public let words: [String]
    /// The probability from which on it is a tag.
    public let certainty: Float
    /// The classes of the classifier that show it, of those that the head has.
    let classes: [Int]
    /// Whether the classifier is believed outright where it is sure.
    let isBelieved: Bool
    /// Whether it says where the picture was taken, and not what is in it.
    public let isPlace: Bool
    /// Whether nothing else is looked for where it is certain, as in a drawing.
    public let standsAlone: Bool
    /// Concepts beside which it goes without saying, by their place in the list.
    let silentBeside: [Int]

    /// The usual name.
    public var word: String { words.first ?? "" }
}

/// Concepts of which one stands for the others, by their place in the list.
struct ConceptGroup: Equatable, Sendable {
    /// The one.
    let concept: Int
    /// The others.
    let others: [Int]
}
