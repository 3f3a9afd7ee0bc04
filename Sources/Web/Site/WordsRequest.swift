import Catalogue
import Foundation

/// What a person changes of a picture's words, as the page's script sends it.
struct WordsRequest: Decodable {
    /// The most characters of a caption that the page takes.
    static let mostCaption = 4000
    /// The most tags that are given and taken at a time.
    private static let mostTags = 100

    private enum Key: String, CodingKey {
        case seen, caption, given, taken
    }

    /// The number of the last edit that the person has seen, 0 for none.
    let seen: Int64
    /// What to change.
    let edit: TextEdit

    /// Reads one; `nil` for whatever else was sent, or more than is taken.
    init?(_ body: [UInt8]) {
        guard let request = try? JSONDecoder().decode(Self.self, from: Data(body)) else {
            return nil
        }
        self = request
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        seen = try fields.decode(Int64.self, forKey: .seen)
        var edit = TextEdit(
            given: try fields.decodeIfPresent([String].self, forKey: .given) ?? [],
            taken: try fields.decodeIfPresent([String].self, forKey: .taken) ?? [])
        if fields.contains(.caption) {
            // Nothing at all leaves it to others; an empty text says that there is none.
            let caption = try fields.decodeIfPresent(String.self, forKey: .caption)
            edit.caption = caption.map { $0.isEmpty ? .silence : .say($0) } ?? .withdraw
            guard caption?.count ?? 0 <= Self.mostCaption else { throw TooMuch() }
        }
        guard edit.given.count + edit.taken.count <= Self.mostTags else { throw TooMuch() }
        self.edit = edit
    }

    private struct TooMuch: Error {}
}
