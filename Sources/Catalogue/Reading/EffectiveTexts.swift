public import Foundation
import GRDB
public import WorkQueue

/// Who wrote a text or a tag.
///
/// A person's word counts before a sidecar file's, and both before a model's.
public enum DescriptionSource: Int, CaseIterable, Comparable, Sendable {
    /// A person.
    case human
    /// The picture's own file, or one beside it.
    case sidecar
    /// A model.
    case model

    /// Whether the word of the first counts before that of the second.
    public static func < (first: DescriptionSource, second: DescriptionSource) -> Bool {
        first.rawValue < second.rawValue
    }

    /// The source as the catalogue and programs name it.
    public var name: String {
        switch self {
        case .human: "human"
        case .sidecar: "sidecar"
        case .model: "model"
        }
    }

    init?(name: String) {
        guard let source = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = source
    }
}

/// A tag of an asset.
public struct TagDetails: Equatable, Sendable {
    /// The tag, as the one writes it whose word counts most.
    public var text: String
    /// Who gave it, those first whose word counts most.
    public var sources: [DescriptionSource]
    /// The probability that the model gave it, 0 … 1; `nil` where no model did, or it was not kept.
    public var probability: Double?

    /// Builds a tag from its parts.
    public init(text: String, sources: [DescriptionSource], probability: Double? = nil) {
        self.text = text
        self.sources = sources
        self.probability = probability
    }
}

/// A text about an asset.
public struct DescriptionDetails: Equatable, Sendable {
    /// Who wrote it.
    public var source: DescriptionSource
    /// What made it, if a model did.
    public var recipe: Recipe?
    /// The name of the prompt that it answers, such as `caption`.
    public var prompt: String
    /// The text.
    public var text: String
    /// The part of the video that it speaks of; `nil` for the whole.
    public var span: ClipSpan?
    /// When a model made it.
    public var at: Date?
}

extension Database {
    /// All texts about an asset, those that count first: by source, then the newest recipe's.
    func descriptions(of asset: Int64) throws -> [DescriptionDetails] {
        let statement = try cachedStatement(
            sql: """
                SELECT source, model, version, settings, prompt, text, start_s, end_s, at
                FROM description LEFT JOIN recipe ON recipe.id = description.recipe_id
                LEFT JOIN described ON described.asset_id = description.asset_id
                    AND described.recipe_id = description.recipe_id
                WHERE description.asset_id = ?
                ORDER BY CASE source WHEN 'human' THEN 0 WHEN 'sidecar' THEN 1 ELSE 2 END,
                    at DESC, description.recipe_id DESC, prompt, coalesce(start_s, -1)
                """)
        return try Row.fetchAll(statement, arguments: [asset]).compactMap(DescriptionDetails.init)
    }

    /// The tags of an asset that count: everybody's, but of the models' those of the newest recipe;
    /// people's first.
    func tags(of asset: Int64) throws -> [TagDetails] {
        let statement = try cachedStatement(
            sql: """
                SELECT name, written, source, probability
                FROM asset_tag JOIN tag ON tag.id = tag_id
                WHERE asset_id = ?1 AND (recipe_id IS NULL OR recipe_id = (
                    SELECT recipe_id FROM described WHERE asset_id = ?1
                    ORDER BY at DESC, recipe_id DESC LIMIT 1))
                ORDER BY CASE source WHEN 'human' THEN 0 WHEN 'sidecar' THEN 1 ELSE 2 END,
                    asset_tag.rowid
                """)
        var tags: [TagDetails] = []
        var places: [String: Int] = [:]
        for row in try Row.fetchAll(statement, arguments: [asset]) {
            guard let source = DescriptionSource(name: row["source"]) else { continue }
            let name: String = row["name"]
            if let place = places[name] {
                tags[place].sources.append(source)
                tags[place].probability = tags[place].probability ?? row["probability"]
            } else {
                places[name] = tags.count
                tags.append(
                    TagDetails(
                        text: row["written"] ?? name, sources: [source],
                        probability: row["probability"]))
            }
        }
        return tags
    }
}

extension [DescriptionDetails] {
    /// Of texts in the order of their weight, the first for each prompt and span.
    var effective: [DescriptionDetails] {
        var seen: Set<Subject> = []
        return filter { seen.insert(Subject($0)).inserted }
    }

    /// Those that are searched: the effective ones, and a model's that only a sidecar's outrank, since the
    /// name of a feast in a file says nothing of what the picture shows.
    var searched: [DescriptionDetails] {
        let human = Set(filter { $0.source == .human }.map(Subject.init))
        let texts =
            effective
            + filter { $0.source == .model && !human.contains(Subject($0)) }.effective.filter {
                !effective.contains($0)
            }
        // What a caption was cleaned of is not looked for.
        return texts.filter { $0.prompt != ModelText.originalCaption }
    }

    /// The caption of the whole that counts, with its source; `nil` also where a person said that there is none.
    var effectiveCaption: DescriptionDetails? { effective(WrittenPrompt.caption) }

    /// The text of the whole that counts among those of a name.
    func effective(_ prompt: String) -> DescriptionDetails? {
        first { $0.prompt == prompt && $0.span == nil }.flatMap { $0.text.isEmpty ? nil : $0 }
    }

    /// The caption of the whole that counts.
    var caption: String? { effectiveCaption?.text }
}

private struct Subject: Hashable {
    var prompt: String
    var span: ClipSpan?

    init(_ text: DescriptionDetails) {
        prompt = text.prompt
        span = text.span
    }
}

extension DescriptionDetails {
    fileprivate init?(_ row: Row) {
        guard let source = DescriptionSource(name: row["source"]) else { return nil }
        self.source = source
        recipe = (row["model"] as String?).map { model in
            Recipe(
                model: model, version: row["version"], settings: [UInt8](row["settings"] as Data))
        }
        prompt = row["prompt"]
        text = row["text"]
        span = (row["start_s"] as Double?).map { ClipSpan(start: $0, end: row["end_s"]) }
        at = (row["at"] as Double?).map(Date.init(timeIntervalSince1970:))
    }
}
