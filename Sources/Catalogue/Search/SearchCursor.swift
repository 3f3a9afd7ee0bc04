import Foundation

/// In which order a search gives its hits.
enum SearchOrder: UInt8 {
    /// The asset that was found last comes first.
    case newest = 1
    /// The best match comes first; among equals, the newest.
    case rank = 2
    /// What was taken last comes first; among equals, the newest.
    case date = 3
    /// As whoever put lists of several searches together has it.
    case fused = 4
}

/// A place in the list of a search's hits: behind one of them.
///
/// As text it is opaque and holds the query's digest, so that one of another query, or a mistyped one,
/// is refused. Assets that come while somebody pages neither repeat nor leave out others in the order
/// `newest`; in the order `rank` they change scores a little, and hits whose scores are close may then do so.
struct SearchCursor: Equatable {
    /// The order in which the search went on; a page behind the cursor keeps it.
    var order: SearchOrder
    /// The hit's asset.
    var assetID: Int64
    /// The hit's score, lower for better; 0 in the order `newest`.
    var score: Double

    private static let length = 25

    init(order: SearchOrder, assetID: Int64, score: Double) {
        self.order = order
        self.assetID = assetID
        self.score = score
    }

    /// Reads a cursor that was handed out for the same query.
    ///
    /// - Throws: `CatalogueError.invalid`.
    init(_ text: String, for query: SearchQuery) throws(CatalogueError) {
        let base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: base64 + padding), data.count == Self.length,
            let order = SearchOrder(rawValue: data[0])
        else { throw Self.refusal(text) }
        let words = (0..<3).map { word in
            data[(1 + 8 * word)..<(9 + 8 * word)].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        }
        self.init(
            order: order, assetID: Int64(bitPattern: words[0]),
            score: Double(bitPattern: words[1]))
        guard score.isFinite, words[2] == digest(for: query) else { throw Self.refusal(text) }
    }

    /// The cursor as text for the query: letters, digits, `-` and `_`.
    func text(for query: SearchQuery) -> String {
        Data(bytes + Self.bytes(of: digest(for: query))).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private var bytes: [UInt8] {
        [order.rawValue] + Self.bytes(of: UInt64(bitPattern: assetID))
            + Self.bytes(of: score.bitPattern)
    }

    private static func bytes(of word: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
    }

    /// FNV-1a, 64 bits, of the place and the query: against mistakes, not against forgery, which could
    /// do no harm.
    private func digest(for query: SearchQuery) -> UInt64 {
        // Queries without ratings, filters and order keep the digest that they had before there were any.
        let parts =
            [query.text, query.kind?.rawValue ?? ""] + query.tags
            + (query.minimumRating.map { ["rating", "\($0)"] } ?? [])
            + query.filters.map { "\($0)" }
            + (query.sorting == .relevance ? [] : [query.sorting.rawValue])
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes + parts.flatMap({ Array($0.utf8) + [0xFF] }) {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return hash
    }

    private static func refusal(_ text: String) -> CatalogueError {
        .invalid(
            reason:
                "\"\(text.prefix(80))\" is no cursor of this search; take it from the search's own "
                + "answer, with the same words, tags and kind")
    }
}
