import Catalogue

/// Texts and tags with the names of those whose word they are, for people.
enum SourceText {
    /// A caption; who wrote it is said unless a model did.
    static func caption(_ caption: String?, _ source: DescriptionSource?) -> String {
        guard let caption else { return "" }
        return caption + mark(source)
    }

    /// `[boat, Lake Garda (sidecar)]`.
    static func tags(_ tags: [TagDetails]) -> String {
        "[" + tags.map { $0.text + mark($0.sources.first) }.joined(separator: ", ") + "]"
    }

    /// `★★★★☆`, or that the picture was rejected.
    static func rating(_ stars: Int) -> String {
        guard stars > 0 else { return "rejected" }
        let count = min(stars, 5)
        return String(repeating: "★", count: count) + String(repeating: "☆", count: 5 - count)
    }

    private static func mark(_ source: DescriptionSource?) -> String {
        guard let source, source != .model else { return "" }
        return " (\(source.name))"
    }
}
