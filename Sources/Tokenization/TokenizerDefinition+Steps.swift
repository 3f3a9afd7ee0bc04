import JSONScanning

extension TokenizerDefinition {
    /// What a pre-tokenizer does, step by step.
    ///
    /// - Parameters:
    ///   - value: The member `pre_tokenizer`.
    ///   - key: Its name in messages.
    /// - Returns: The steps; `ByteLevel` is the last of them, as tokens are made of bytes.
    /// - Throws: `DefinitionFlaw` naming the key.
    static func steps(_ value: JSONValue, key: String) throws -> [PreTokenizer.Step] {
        let parts: [(value: JSONValue, key: String)]
        if value["type"]?.string == "Sequence" {
            guard let values = value["pretokenizers"]?.array else {
                throw DefinitionFlaw("\(key).pretokenizers", "is no array")
            }
            parts = values.enumerated().map { ($1, "\(key).pretokenizers[\($0)]") }
        } else {
            parts = [(value, key)]
        }
        guard parts.last?.value["type"]?.string == "ByteLevel" else {
            throw DefinitionFlaw(key, "does not end with ByteLevel; other tokenizers are unknown")
        }
        guard parts.count <= 16 else { throw DefinitionFlaw(key, "has more than 16 steps") }
        return try byteLevelSteps(parts[parts.count - 1], after: parts.dropLast().map(split))
    }

    private static func split(_ part: (value: JSONValue, key: String)) throws -> PreTokenizer.Step {
        guard part.value["type"]?.string == "Split" else {
            throw DefinitionFlaw("\(part.key).type", "is not Split; other steps are unknown")
        }
        guard let pattern = part.value["pattern"]?["Regex"]?.string else {
            throw DefinitionFlaw("\(part.key).pattern.Regex", "is no string")
        }
        let expression = try expression(pattern, key: "\(part.key).pattern.Regex")
        // `invert` swaps matches and gaps. With Isolated both become pieces, so it changes nothing;
        // with Removed it leaves the matches.
        switch (part.value["behavior"]?.string, part.value["invert"]?.boolean) {
        case ("Isolated", _): return .split(expression)
        case ("Removed", true): return .matches(expression)
        default:
            throw DefinitionFlaw(
                "\(part.key).behavior", "is neither Isolated nor Removed with 'invert'")
        }
    }

    private static func byteLevelSteps(
        _ part: (value: JSONValue, key: String), after steps: [PreTokenizer.Step]
    ) throws -> [PreTokenizer.Step] {
        func flag(_ name: String, default fallback: Bool?) throws -> Bool {
            guard let flag = part.value[name]?.boolean ?? fallback else {
                throw DefinitionFlaw("\(part.key).\(name)", "is neither true nor false")
            }
            return flag
        }
        var steps = steps
        if try flag("add_prefix_space", default: nil) { steps.append(.prefixSpace) }
        if try flag("use_regex", default: true) {
            steps.append(.split(try expression(PreTokenizer.gpt2Pattern, key: part.key)))
        }
        return steps
    }

    static func expression(_ pattern: String, key: String) throws -> SplitExpression {
        guard pattern.utf8.count <= SplitExpression.maximumLength else {
            throw DefinitionFlaw(key, "is longer than \(SplitExpression.maximumLength) bytes")
        }
        guard let expression = try? SplitExpression(pattern: pattern) else {
            throw DefinitionFlaw(key, "is no regular expression: \(abbreviated(pattern))")
        }
        return expression
    }

    /// The special tokens that a post-processor puts before a single text.
    ///
    /// What it puts behind one (no generating model has that) and how it joins two is not for us.
    ///
    /// - Parameter value: The member `post_processor`.
    /// - Returns: Ids, none where there is no template.
    /// - Throws: `DefinitionFlaw` naming the key.
    static func beginning(_ value: JSONValue) throws -> [Int32] {
        let processors =
            value["type"]?.string == "Sequence" ? value["processors"]?.array ?? [] : [value]
        if let pair = processors.first(where: { $0["type"]?.string == "RobertaProcessing" }) {
            let token = pair["cls"]?.array ?? []
            let key = "post_processor.cls"
            guard token.count == 2 else { throw DefinitionFlaw(key, "is no token with its id") }
            return [try id(token[1].integer, key: key)]
        }
        let templates = processors.filter { $0["type"]?.string == "TemplateProcessing" }
        guard let template = templates.first else { return [] }
        guard let single = template["single"]?.array else {
            throw DefinitionFlaw("post_processor.single", "is no array")
        }
        return try single.prefix { $0["SpecialToken"] != nil }.flatMap { piece in
            let name = piece["SpecialToken"]?["id"]?.string ?? ""
            guard let ids = template["special_tokens"]?[name]?["ids"]?.array else {
                throw DefinitionFlaw(
                    "post_processor.special_tokens", "has no ids for '\(abbreviated(name))'")
            }
            return try ids.map { try id($0.integer, key: "post_processor.special_tokens.ids") }
        }
    }
}
