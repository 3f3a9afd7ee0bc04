import Catalogue
import FileSystem
import Foundation

/// What the last look through a folder left out, for programs by its keys and for people as text.
struct IgnoredLine: Encodable {
    let path: PathText
    /// When the look ended, in ISO 8601; without it, none has ended yet.
    let at: String?
    /// How many files and folders were left out; a folder counts as one, whatever it holds.
    let total: Int?
    /// How many for each extension that is not described.
    let extensions: [String: Int]?
    /// How many for another reason.
    let reasons: [String: Int]?

    private let parts: [(name: String, count: Int)]

    private enum CodingKeys: CodingKey { case path, at, total, extensions, reasons }

    /// Takes what a root's last pass left out.
    init(_ root: RootPassedOver) {
        path = PathText(root.root.path)
        let counts = root.lastPass?.passedOver
        at = root.lastPass?.at.ISO8601Format()
        total = counts?.total
        extensions = counts.map { counts in
            Dictionary(uniqueKeysWithValues: counts.extensions.map { (".\($0)", $1) })
        }
        reasons = counts.map { counts in
            Dictionary(
                uniqueKeysWithValues: counts.counts.filter { $0.key != .fileExtension }
                    .map { ($0.rawValue, $1) })
        }
        parts = counts.map { PassedOverText([$0], mostExtensions: .max).parts } ?? []
    }

    /// The folder, and below it a line for each extension and reason.
    var text: String {
        guard let total, let at else {
            return "\(Style.bold("Passed over"))  \(path.display): not looked through yet\n"
        }
        var text =
            "\(Style.bold("Passed over"))  \(path.display): \(total) "
            + "\(total == 1 ? "file" : "files") (\(at))\n"
        for part in parts { text += "  \(part.count) \(part.name)\n" }
        return text
    }
}
