import Foundation
import GRDB
public import WorkQueue

/// What a stretch of a clip shows.
public struct ClipCaption: Equatable, Sendable {
    /// The clip.
    public var asset: Int64
    /// The stretch.
    public var span: ClipSpan
    /// What was said of it.
    public var text: String
}

extension Catalogue {
    /// All clips that stand for themselves.
    ///
    /// - Throws: `CatalogueError`.
    public func clips() throws(CatalogueError) -> [Int64] {
        try read { database in
            try Int64.fetchAll(
                database,
                sql: "SELECT id FROM asset WHERE kind = 'video' AND primary_id IS NULL ORDER BY id")
        }
    }

    /// Captions of stretches of clips that have all words of a query.
    ///
    /// A clip's captions are searched as one text; of those that have the words, each stretch is read.
    ///
    /// - Parameters:
    ///   - query: Words and filters.
    ///   - limit: How many clips to look into.
    /// - Returns: The captions, the best clips' first, each clip's in their order.
    /// - Throws: `CatalogueError`.
    public func stretches(
        _ query: SearchQuery, limit: Int
    ) throws(CatalogueError) -> [ClipCaption] {
        var wanted = query
        wanted.kind = .video
        let words = SpanWords(SearchExpression(query.text).terms)
        guard !words.isEmpty else { return [] }
        let clips = try matches(wanted, limit: limit).assets
        return try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT start_s, end_s, text FROM description
                    WHERE asset_id = ? AND start_s IS NOT NULL AND end_s IS NOT NULL
                        AND (recipe_id IS NULL OR recipe_id = (SELECT recipe_id FROM described
                            WHERE described.asset_id = description.asset_id
                            ORDER BY at DESC, recipe_id DESC LIMIT 1))
                    ORDER BY start_s
                    """)
            return try clips.flatMap { clip in
                try Row.fetchAll(statement, arguments: [clip]).compactMap { row in
                    let text: String = row["text"]
                    guard words.areAll(in: text) else { return nil }
                    return ClipCaption(
                        asset: clip, span: ClipSpan(start: row["start_s"], end: row["end_s"]),
                        text: text)
                }
            }
        }
    }
}

/// The words of a query, looked for in one text as the full-text index looks for them: by their beginnings,
/// whatever their case and accents.
struct SpanWords {
    private let terms: [[String]]

    var isEmpty: Bool { terms.isEmpty }

    init(_ terms: [SearchTerm]) {
        self.terms = terms.map { Self.words(of: $0.text) }.filter { !$0.isEmpty }
    }

    func areAll(in text: String) -> Bool {
        let words = Self.words(of: text)
        return terms.allSatisfy { term in
            words.indices.contains { place in
                let rest = words[place...]
                return rest.count >= term.count
                    && zip(term.dropLast(), rest).allSatisfy { $0 == $1 }
                    && rest[place + term.count - 1].hasPrefix(term[term.count - 1])
            }
        }
    }

    private static func words(of text: String) -> [String] {
        text.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars
            .filter { $0.properties.canonicalCombiningClass == .notReordered }
            .split { !$0.properties.isAlphabetic && $0.properties.numericType == nil }
            .map { String(String.UnicodeScalarView($0)) }
    }
}
