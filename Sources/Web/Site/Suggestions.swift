import Catalogue

/// What a search could go on to: filters by tags, folders, cameras and years that begin as its last word does.
struct Suggestions {
    /// Whole searches, the most frequent first.
    let texts: [String]

    private static let most = 12

    /// Finds suggestions.
    ///
    /// - Parameters:
    ///   - text: What was typed so far.
    ///   - summary: What there is.
    init(for text: String, in summary: LibrarySummary) {
        let word =
            text.split(separator: " ", omittingEmptySubsequences: false).last.map { String($0) }
            ?? ""
        guard !word.isEmpty, !word.contains("\"") else {
            texts = []
            return
        }
        let before = text.dropLast(word.count)
        let years = Set(summary.months.compactMap { $0.month.map { String($0.prefix(4)) } })
        let candidates: [(name: String, filter: String)] =
            summary.tags.map { ($0.name, PageAddress.filter("tag", $0.name)) }
            + years.sorted(by: >).map { ($0, "in:\($0)") }
            + summary.folders.map { ($0.name, PageAddress.filter("folder", $0.name)) }
            + summary.cameras.map { ($0.name, PageAddress.filter("camera", $0.name)) }
        let wanted = word.lowercased()
        texts = candidates.lazy
            .filter {
                Self.begins($0.name, with: wanted) || $0.filter.lowercased().hasPrefix(wanted)
            }
            .prefix(Self.most).map { before + $0.filter }
    }

    /// Whether a name, or a word of it, begins so.
    private static func begins(_ name: String, with wanted: String) -> Bool {
        name.lowercased().split { " /".contains($0) }.contains { $0.hasPrefix(wanted) }
            || name.lowercased().hasPrefix(wanted)
    }
}
