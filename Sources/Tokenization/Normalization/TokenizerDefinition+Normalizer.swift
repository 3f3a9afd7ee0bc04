import JSONScanning

extension TokenizerDefinition {
    /// What a normalizer does, step by step.
    ///
    /// - Parameters:
    ///   - value: The member `normalizer`; null where there is none.
    ///   - key: Its name in messages.
    /// - Returns: The steps.
    /// - Throws: `DefinitionFlaw` naming the key, for steps that are not known here.
    static func normalizer(_ value: JSONValue, key: String) throws -> TextNormalizer {
        guard value != .null else { return TextNormalizer() }
        guard value["type"]?.string == "Sequence" else {
            return TextNormalizer(steps: [try step(value, key: key)])
        }
        guard let values = value["normalizers"]?.array else {
            throw DefinitionFlaw("\(key).normalizers", "is no array")
        }
        guard values.count <= 16 else { throw DefinitionFlaw(key, "has more than 16 steps") }
        return TextNormalizer(
            steps: try values.enumerated().map {
                try step($1, key: "\(key).normalizers[\($0)]")
            })
    }

    private static func step(_ value: JSONValue, key: String) throws -> TextNormalizer.Step {
        switch value["type"]?.string {
        case "NFC": return .compose
        case "Lowercase": return .lowercase
        case "Replace"
        where value["pattern"]?["Regex"]?.string == #"\s+"# && value["content"]?.string == " ":
            return .collapseWhiteSpace
        default:
            throw DefinitionFlaw(
                "\(key).type", "is none of NFC, Lowercase and Replace of white space by a space")
        }
    }
}
