import Catalogue
import Foundation
import SystemPackage

/// An edit of one picture as a line of JSON.
struct EditLine {
    let path: FilePath
    let edit: TextEdit

    private struct Line: Decodable {
        var path: String
        var caption: String?
        var title: String?
        var tags: [String]?
        var untag: [String]?
    }

    private static let keys: Set = ["path", "caption", "title", "tags", "untag"]

    /// Reads a line.
    ///
    /// - Throws: `EditLineError`.
    init(_ text: Data) throws {
        guard let object = try? JSONSerialization.jsonObject(with: text) as? [String: Any] else {
            throw EditLineError.noObject
        }
        if let key = object.keys.sorted().first(where: { !Self.keys.contains($0) }) {
            throw EditLineError.unknownKey(key)
        }
        guard let line = try? JSONDecoder().decode(Line.self, from: text) else {
            throw EditLineError.wrongType
        }
        path = FilePath(line.path)
        func words(_ text: String?) -> TextEdit.Words {
            text.map { $0.isEmpty ? .silence : .say($0) } ?? .keep
        }
        edit = TextEdit(
            caption: words(line.caption), title: words(line.title), given: line.tags ?? [],
            taken: line.untag ?? [])
    }
}

/// What is wrong with a line.
enum EditLineError: Error, CustomStringConvertible {
    case noObject
    case unknownKey(String)
    case wrongType

    var description: String {
        switch self {
        case .noObject: "no JSON object; a line is {\"path\": …, \"caption\": …}"
        case .unknownKey(let key):
            "there is no '\(key.prefix(40))'; there are path, caption, title, tags and untag"
        case .wrongType: "path, caption and title are text, tags and untag lists of text"
        }
    }
}
