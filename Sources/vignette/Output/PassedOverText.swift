import FileSystem

/// What was passed over, in a line: `412 files passed over: 300 .txt, 112 .aae`.
struct PassedOverText {
    /// Counts by what they are called, the largest first.
    let parts: [(name: String, count: Int)]

    /// Extensions that a line names.
    static let standardExtensions = 8

    /// Adds the counts of passes over several folders up.
    ///
    /// - Parameters:
    ///   - passes: The counts.
    ///   - mostExtensions: So many are named, and the others counted together.
    init(_ passes: [PassedOver], mostExtensions: Int = Self.standardExtensions) {
        var reasons: [String: Int] = [:]
        var extensions: [String: Int] = [:]
        for pass in passes {
            for (reason, count) in pass.counts where reason != .fileExtension {
                reasons[reason.rawValue, default: 0] += count
            }
            for (suffix, count) in pass.extensions {
                extensions[suffix.isEmpty ? "other" : ".\(suffix)", default: 0] += count
            }
        }
        let sorted = Self.sorted(extensions)
        let named = sorted.prefix(mostExtensions)
        let others = sorted.dropFirst(mostExtensions).reduce(0) { $0 + $1.count }
        parts =
            named + (others > 0 ? [("of other extensions", others)] : []) + Self.sorted(reasons)
    }

    /// All together.
    var total: Int { parts.reduce(0) { $0 + $1.count } }

    /// The line without its end; `nil` where nothing was passed over.
    var line: String? {
        guard total > 0 else { return nil }
        let list = parts.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
        return "\(total) \(total == 1 ? "file" : "files") passed over: \(list)"
    }

    private static func sorted(_ counts: [String: Int]) -> [(name: String, count: Int)] {
        counts.map { (name: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }
}
