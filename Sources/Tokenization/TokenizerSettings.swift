import JSONScanning
import SystemPackage

/// What `tokenizer_config.json` says about decoding.
struct TokenizerSettings {
    /// `clean_up_tokenization_spaces`; true where it is not said, as in the reference's version.
    let tidiesSpaces: Bool

    /// Reads the file, or takes the defaults where there is none.
    ///
    /// - Throws: `TokenizerError` where the file is there and cannot be used.
    init(folder: FilePath) throws(TokenizerError) {
        let path = folder.appending("tokenizer_config.json")
        let key = "clean_up_tokenization_spaces"
        do {
            let json = try contents(of: path)
            let value = try json.withUnsafeBytes { json in
                var value: JSONValue?
                var scanner = JSONScanner(json)
                try TokenizerDefinition.members(of: nil, &scanner) { scanner, member in
                    guard member == key else { return try scanner.skipValue() }
                    value = try scanner.value()
                }
                return value ?? .boolean(true)
            }
            guard let tidiesSpaces = value.boolean else {
                throw DefinitionFlaw(key, "is neither true nor false")
            }
            self.tidiesSpaces = tidiesSpaces
        } catch Errno.noSuchFileOrDirectory {
            tidiesSpaces = true
        } catch {
            throw TokenizerError(path, "is no usable tokenizer configuration", cause: error)
        }
    }
}
