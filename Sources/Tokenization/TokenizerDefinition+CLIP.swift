extension TokenizerDefinition {
    /// CLIP's expression for the words of a text.
    private static let clipPattern =
        #"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"#
    /// The reference reads no further: 49,152 tokens less the bytes and the two special ones.
    private static let mostCLIPMerges = 49_152 - 256 - 2
    /// What goes before and behind a text.
    static let (clipBeginning, clipEnd) = ("<|startoftext|>", "<|endoftext|>")

    /// What `vocab.json` and `merges.txt` of a CLIP stand for.
    ///
    /// Source: `CLIPConverter` in transformers' `convert_slow_tokenizer.py`.
    ///
    /// - Throws: `DefinitionFlaw` naming the key.
    init(clipVocabulary vocabulary: [UInt8], merges: [UInt8]) throws {
        let model = try vocabulary.withUnsafeBytes {
            try BytePairModel(
                vocabulary: $0, merges: merges, mostMerges: Self.mostCLIPMerges,
                endOfWordSuffix: "</w>")
        }
        let special = try [Self.clipBeginning, Self.clipEnd].map { name in
            let place = (0..<model.tokens.count).first { model.tokens.text($0) == name }
            guard let place else { throw DefinitionFlaw(name, "is not among the tokens") }
            return AddedTokens.Token(
                id: model.ids[place], content: Array(name.utf8), isSpecial: true,
                isNormalized: true, stripsLeft: false, stripsRight: false, isSingleWord: false)
        }
        self.init(
            model: model, addedTokens: special,
            normalizer: TextNormalizer(steps: [.compose, .collapseWhiteSpace, .lowercase]),
            steps: [
                .matches(try Self.expression(Self.clipPattern, key: "the expression")),
                .split(try Self.expression(PreTokenizer.gpt2Pattern, key: "the expression")),
            ],
            beginning: special.prefix(1).map(\.id))
    }
}
