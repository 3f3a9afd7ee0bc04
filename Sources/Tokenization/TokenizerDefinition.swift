import JSONScanning

/// What `tokenizer.json` says, checked.
///
/// Format: the `tokenizers` library's serialisation, as far as byte-level BPE models use it. What
/// would change a result and is not known here is refused, never passed over.
struct TokenizerDefinition {
    /// Room for any vocabulary (Llama 3: 128,256) without tables that a single number can blow up.
    static let maximumID = 1 << 20

    let model: BytePairModel
    let addedTokens: [AddedTokens.Token]
    let steps: [PreTokenizer.Step]
    let normalizer: TextNormalizer
    /// What goes before a text when special tokens are asked for: the begin-of-text token.
    let beginning: [Int32]

    /// Reads the document.
    ///
    /// - Throws: `DefinitionFlaw` naming the key.
    init(json: UnsafeRawBufferPointer) throws {
        var model: BytePairModel?
        var settings: [String: JSONValue] = [:]
        var scanner = JSONScanner(json)
        try Self.members(of: nil, &scanner) { scanner, key in
            switch key {
            case "model":
                guard model == nil else { throw DefinitionFlaw(key, "stands twice") }
                model = try BytePairModel(from: &scanner)
            case "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder":
                guard settings.updateValue(try scanner.value(), forKey: key) == nil else {
                    throw DefinitionFlaw(key, "stands twice")
                }
            default:
                // Version, truncation and padding: nothing that encodes one text depends on them.
                try scanner.skipValue()
            }
        }
        guard scanner.peek() == nil else {
            throw DefinitionFlaw("the document", "has something behind its end")
        }
        guard let model else { throw DefinitionFlaw("model", "is missing") }
        self.model = model
        guard settings["decoder"]?["type"]?.string == "ByteLevel" else {
            throw DefinitionFlaw("decoder.type", "is not ByteLevel")
        }
        normalizer = try Self.normalizer(settings["normalizer"] ?? .null, key: "normalizer")
        addedTokens = try Self.addedTokens(settings["added_tokens"] ?? .array([]))
        steps = try Self.steps(settings["pre_tokenizer"] ?? .null, key: "pre_tokenizer")
        beginning = try Self.beginning(settings["post_processor"] ?? .null)
    }

    /// Takes what was read elsewhere.
    init(
        model: BytePairModel, addedTokens: [AddedTokens.Token], normalizer: TextNormalizer,
        steps: [PreTokenizer.Step], beginning: [Int32]
    ) {
        (self.model, self.addedTokens, self.normalizer) = (model, addedTokens, normalizer)
        (self.steps, self.beginning) = (steps, beginning)
    }

    /// Reads an object; whatever its members say wrong is reported with the member's name.
    static func members(
        of parent: String?, _ scanner: inout JSONScanner,
        _ body: (inout JSONScanner, _ key: String) throws -> Void
    ) throws {
        let whole = parent ?? "the document"
        var current = whole
        do {
            try scanner.object { scanner, key in
                current = (parent.map { "\($0)." } ?? "") + abbreviated(key)
                try body(&scanner, key)
                current = whole
            }
        } catch let failure as JSONScanner.Failure {
            throw DefinitionFlaw(current, "is not what it should be: \(failure)")
        }
    }

    /// Checks a number that is to be a token's id.
    static func id(_ number: Int?, key: @autoclosure () -> String) throws -> Int32 {
        guard let number, (0..<maximumID).contains(number) else {
            throw DefinitionFlaw(key(), "is no id from 0 to \(maximumID - 1)")
        }
        return Int32(number)
    }

    private static func addedTokens(_ value: JSONValue) throws -> [AddedTokens.Token] {
        guard let values = value.array else { throw DefinitionFlaw("added_tokens", "is no array") }
        return try values.enumerated().map { index, value in
            let key = "added_tokens[\(index)]"
            guard let content = value["content"]?.string else {
                throw DefinitionFlaw("\(key).content", "is no string")
            }
            func flag(_ name: String, default fallback: Bool) throws -> Bool {
                guard let flag = value[name] else { return fallback }
                guard let flag = flag.boolean else {
                    throw DefinitionFlaw("\(key).\(name)", "is neither true nor false")
                }
                return flag
            }
            let isSpecial = try flag("special", default: false)
            return AddedTokens.Token(
                id: try id(value["id"]?.integer, key: "\(key).id"), content: Array(content.utf8),
                isSpecial: isSpecial, isNormalized: try flag("normalized", default: !isSpecial),
                stripsLeft: try flag("lstrip", default: false),
                stripsRight: try flag("rstrip", default: false),
                isSingleWord: try flag("single_word", default: false))
        }
    }
}
