import JSONScanning
package import ModelLoading
import SystemPackage

/// What a model's concept head tells of a picture, from `concepts.json` beside the model's `config.json`.
///
/// The concepts stand in the order of the head's rows. Words for what a picture shows depend on each other: a
/// duck is a bird, and who says "duck" need not say "bird".
public struct ConceptList: Equatable, Sendable {
    /// The file's name.
    public static let fileName = "concepts.json"

    /// In the order of the head's rows.
    public let concepts: [Concept]
    /// Classes that the head's classifier tells apart.
    let classes: Int
    /// Numbers in the head's hidden layer.
    let hiddenWidth: Int
    /// The probability from which on the classifier is believed outright.
    let sure: Float
    /// Concepts that are at least as likely as the likeliest of their kinds.
    let general: [ConceptGroup]
    /// Concepts that are not said where another one says as much.
    let implied: [ConceptGroup]
    /// Every name of every concept.
    public let words: Set<String>

    private static let most = 4096

    /// Reads the list.
    ///
    /// - Throws: `ModelError` naming file and key.
    package init(_ file: ConfigurationFile) throws(ModelError) {
        classes = try file.integer("num_classes", in: 1...65_536)
        hiddenWidth = try file.integer("hidden_size", in: 1...16_384)
        sure = Float(try file.number("sure", in: 0...1, default: 1))
        let objects = try file.objects("concepts", limit: Self.most)
        guard !objects.isEmpty else { throw file.wrong("concepts", "names none") }
        var names: [[String]] = []
        for object in objects { names.append(try Self.names(object)) }
        let places = Dictionary(
            names.enumerated().map { ($1[0], $0) }, uniquingKeysWith: { first, _ in first })
        guard places.count == names.count else {
            throw file.wrong("concepts", "has two of the same name")
        }
        let reader = ConceptReader(places: places, classes: classes)
        var concepts: [Concept] = []
        for (object, words) in zip(objects, names) {
            concepts.append(try reader.concept(object, words))
        }
        self.concepts = concepts
        words = Set(names.joined())
        general = try reader.groups(file, "general", others: "of", limit: Self.most)
        implied = try reader.groups(file, "implied", others: "by", limit: Self.most)
    }

    private static func names(_ object: ConfigurationFile) throws(ModelError) -> [String] {
        let words = try object.texts("words", limit: 8)
        guard !words.isEmpty, words.allSatisfy({ (1...60).contains($0.count) }) else {
            throw object.wrong("words", "holds no name, or one that is no word")
        }
        return words
    }
}

/// Reads parts of the list, in which concepts are named.
private struct ConceptReader {
    /// Where each concept stands, by its usual name.
    let places: [String: Int]
    let classes: Int

    func concept(
        _ object: ConfigurationFile, _ words: [String]
    ) throws(ModelError) -> Concept {
        Concept(
            words: words,
            certainty: Float(try object.number("certainty", in: 0...1)),
            classes: try object.integers("classes", in: 0...classes - 1),
            isBelieved: try object.flag("believed", default: false),
            isPlace: try object.flag("place", default: false),
            standsAlone: try object.flag("only", default: false),
            silentBeside: try indices(object, "unless"))
    }

    func groups(
        _ file: ConfigurationFile, _ key: String, others: String, limit: Int
    ) throws(ModelError) -> [ConceptGroup] {
        var groups: [ConceptGroup] = []
        for object in try file.objects(key, limit: limit) {
            groups.append(
                ConceptGroup(
                    concept: try index(of: try object.text("word"), object, "word"),
                    others: try indices(object, others)))
        }
        return groups
    }

    private func indices(
        _ object: ConfigurationFile, _ key: String
    ) throws(ModelError) -> [Int] {
        var found: [Int] = []
        for word in try object.texts(key, limit: places.count) {
            found.append(try index(of: word, object, key))
        }
        return found
    }

    private func index(
        of word: String, _ object: ConfigurationFile, _ key: String
    ) throws(ModelError) -> Int {
        guard let place = places[word] else {
            throw object.wrong(key, "names '\(word.prefix(60))', which is no concept")
        }
        return place
    }
}
