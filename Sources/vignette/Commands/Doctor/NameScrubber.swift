import Foundation
import SystemPackage

/// Takes names of files, folders and accounts out of texts that go to strangers.
struct NameScrubber {
    /// What is known to be a name, the longest first.
    private var names: [String] = []

    /// Adds a path: as a whole, and each name on it.
    mutating func add(_ path: FilePath) {
        names.append(path.string)
        for component in path.components {
            names.append(component.string)
            if component.stem.count > 2 { names.append(component.stem) }
        }
        sort()
    }

    /// Adds a name.
    mutating func add(_ name: String) {
        names.append(name)
        sort()
    }

    private mutating func sort() {
        names = Set(names).filter { $0.count > 1 && !Self.common.contains($0) }
            .sorted { ($0.count, $0) > ($1.count, $1) }
    }

    /// Names on most systems, which tell nothing of anybody.
    private static let common: Set<String> = [
        "bin", "etc", "home", "lib", "media", "mnt", "opt", "run", "share", "srv", "tmp", "usr",
        "var", "vignette",
        "vignette.yaml", "catalogue", "catalogue.sqlite",
    ]

    /// The text with `<name>` in place of every known name and of whatever looks like a path, a file's name or a
    /// quotation.
    func scrubbed(_ text: String) -> String {
        var text = text
        for name in names { text = Self.replacing(name, in: text) }
        return
            text
            .replacing(#/'[^']*'|"[^"]*"|“[^”]*”/#, with: "<name>")
            .replacing(#/(?:~|\.{1,2})?\/[^\s:;,()]+(?:\/[^\s:;,()]+)*/#, with: "<name>")
            .replacing(#/[^\s:;,()<>]+\.(?i:[a-z][a-z0-9]{1,8})\b(?![0-9(])/#, with: "<name>")
    }

    /// Replaces a name where it stands as a word of its own.
    private static func replacing(_ name: String, in text: String) -> String {
        var result = ""
        var rest = text[...]
        while let range = rest.range(of: name) {
            let isWord =
                !isPartOfWord(rest[..<range.lowerBound].last ?? result.last)
                && !isPartOfWord(rest[range.upperBound...].first)
            result += rest[..<range.lowerBound] + (isWord ? "<name>" : String(rest[range]))
            rest = rest[range.upperBound...]
        }
        return result + rest
    }

    private static func isPartOfWord(_ character: Character?) -> Bool {
        character.map { $0.isLetter || $0.isNumber } ?? false
    }
}
