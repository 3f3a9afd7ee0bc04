import FileSystem
import Foundation
import SystemPackage
import Yams

/// Reads a `vignette.yaml`, checking it key by key.
///
/// The configuration library looks values up and so never sees a key that nobody asks for; a
/// misspelt key must not be ignored silently. Its own reader of YAML is asynchronous too, which
/// the daemon avoids (see `ThreadGroup`).
enum SettingsFile {
    /// Larger files are refused: a configuration is written by hand.
    static let maximumBytes = 1 << 20

    /// Reads and checks the file.
    ///
    /// - Returns: The text, or texts of a list, of each key.
    /// - Throws: `SettingsError` naming file, line and key.
    static func read(_ path: FilePath) throws -> [SettingKey: [String]] {
        let text = try contents(of: path)
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw notYAML(error, path)
        }
        guard let root else { return [:] }
        guard case .mapping(let mapping) = root else {
            throw SettingsError(
                place: path.string,
                problem: "expected keys with values, such as 'folders: [~/Pictures]'")
        }
        var values: [SettingKey: [String]] = [:]
        try check(mapping, prefix: "", path: path, into: &values)
        return values
    }

    /// The parser's words in one line, without its drawing of the place.
    private static func notYAML(_ error: any Error, _ path: FilePath) -> SettingsError {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return SettingsError(
                place: "\(path.string):\(mark.line)", problem: "not valid YAML: \(problem)")
        default:
            let words = "\(error)".split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return SettingsError(place: path.string, problem: "not valid YAML: \(words)")
        }
    }

    private static func contents(of path: FilePath) throws -> String {
        let data: [UInt8]
        do {
            data = try BoundedFile.contents(at: path, limit: maximumBytes)
        } catch {
            throw SettingsError(place: path.string, problem: "cannot be read: \(error)")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw SettingsError(place: path.string, problem: "not UTF-8 text")
        }
        return text
    }

    private static func check(
        _ mapping: Node.Mapping, prefix: String, path: FilePath,
        into values: inout [SettingKey: [String]]
    ) throws {
        for (keyNode, value) in mapping {
            let key = prefix + (keyNode.string ?? "?")
            let place = "\(path.string):\(keyNode.mark?.line ?? 1)"
            if let known = SettingKey(rawValue: key) {
                values[known] = try check(value, of: known, place: place)
            } else if let known = SettingKey.formerNames[key] {
                let former = try check(value, of: known, place: place)
                if values[known] == nil { values[known] = former }
            } else if case .mapping(let inner) = value, isSection(key) {
                try check(inner, prefix: key + ".", path: path, into: &values)
            } else if case .scalar(let scalar) = value, isSection(key), scalar.string.isEmpty {
                continue
            } else {
                throw SettingsError(place: place, problem: unknown(key))
            }
        }
    }

    private static func isSection(_ key: String) -> Bool {
        SettingKey.allCases.contains { $0.rawValue.hasPrefix(key + ".") }
    }

    private static func check(_ value: Node, of key: SettingKey, place: String) throws
        -> [String]
    {
        switch (key.form, value) {
        case (.list, .sequence(let sequence)):
            let texts = sequence.compactMap { $0.scalar?.string }
            guard texts.count == sequence.count else {
                throw SettingsError(
                    place: place, problem: "'\(key.rawValue)' must be a list of texts")
            }
            return texts
        case (.list, _):
            throw SettingsError(
                place: place, problem: "'\(key.rawValue)' must be a list, such as [~/Pictures]")
        case (_, .scalar(let scalar)):
            _ = try SettingValue.parse(scalar.string, for: key, place: place)
            return [scalar.string]
        default:
            throw SettingsError(
                place: place, problem: "'\(key.rawValue)' must be a single value")
        }
    }

    private static func unknown(_ key: String) -> String {
        let nearest = SettingKey.allCases.map(\.rawValue)
            .map { (key: $0, distance: editDistance(key, $0)) }
            .min { $0.distance < $1.distance }
        let hint =
            nearest.flatMap { $0.distance <= 3 ? "; did you mean '\($0.key)'?" : nil }
            ?? "; see the commented vignette.yaml for the keys there are"
        return "unknown key '\(key)'\(hint)"
    }
}

/// Number of single-character edits between two short texts (Levenshtein).
func editDistance(_ a: String, _ b: String) -> Int {
    let a = Array(a.utf8.prefix(64))
    let b = Array(b.utf8.prefix(64))
    var row = Array(0...b.count)
    for i in a.indices {
        var diagonal = row[0]
        row[0] = i + 1
        for j in b.indices {
            let substitution = diagonal + (a[i] == b[j] ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
        }
    }
    return row[b.count]
}
