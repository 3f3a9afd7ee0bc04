import JSONScanning
public import SystemPackage

/// Text to token ids and back: the byte-level BPE that a model's `tokenizer.json` describes.
///
/// Results are those of Hugging Face's `tokenizers` for every text.
public struct Tokenizer: Sendable {
    private let path: FilePath
    private let addedTokens: AddedTokens
    private let normalizer: TextNormalizer
    private let preTokenizer: PreTokenizer
    private let encoder: BytePairEncoder
    private let beginning: [Int]
    let vocabulary: TokenVocabulary
    /// Whether decoded text has the spaces before punctuation taken out.
    let tidiesSpaces: Bool

    /// Reads `tokenizer.json` and, where it stands, `tokenizer_config.json`.
    ///
    /// - Throws: `TokenizerError` naming the file and the key.
    public init(folder: FilePath) throws(TokenizerError) {
        try self.init(
            reading: folder.appending("tokenizer.json"), in: folder
        ) { path in
            let json = try contents(of: path)
            return try json.withUnsafeBytes { try TokenizerDefinition(json: $0) }
        }
    }

    /// Reads CLIP's older files, `vocab.json` and `merges.txt`, which say nothing of the rest: that is
    /// as in Hugging Face's `CLIPTokenizerFast`.
    ///
    /// - Throws: `TokenizerError` naming the file and the key.
    public init(vocabularyAndMergesIn folder: FilePath) throws(TokenizerError) {
        try self.init(reading: folder.appending("vocab.json"), in: folder) { path in
            let (vocabulary, merges) = (
                try contents(of: path), try contents(of: folder.appending("merges.txt"))
            )
            return try TokenizerDefinition(clipVocabulary: vocabulary, merges: merges)
        }
    }

    private init(
        reading path: FilePath, in folder: FilePath,
        _ read: (FilePath) throws -> TokenizerDefinition
    ) throws(TokenizerError) {
        do {
            let definition = try read(path)
            encoder = try BytePairEncoder(definition.model)
            vocabulary = try TokenVocabulary(
                definition.model, words: encoder.words, added: definition.addedTokens)
            normalizer = definition.normalizer
            addedTokens = AddedTokens(definition.addedTokens, normalizer: definition.normalizer)
            preTokenizer = PreTokenizer(steps: definition.steps)
            beginning = definition.beginning.map(Int.init)
        } catch {
            throw TokenizerError(path, "is no usable tokenizer", cause: error)
        }
        self.path = path
        tidiesSpaces = try TokenizerSettings(folder: folder).tidiesSpaces
    }

    /// How many ids there are: one more than the highest.
    public var vocabularySize: Int { vocabulary.count }

    /// The id of a token, by its text in the file (`<|eot_id|>`, or `Ġthe` for " the").
    public func id(of token: String) -> Int? { vocabulary.id(of: token) }

    /// Encodes a text.
    ///
    /// - Parameters:
    ///   - text: Any text.
    ///   - addingBeginOfText: Whether the begin-of-text token goes first.
    ///   - matchingSpecialTokens: Whether `<|eot_id|>` and its like in the text are the tokens of
    ///     that name; for text of people, who may not speak for the model, they are not.
    /// - Returns: Ids.
    /// - Throws: `TokenizerError` where the file's regular expression gives up on the text.
    public func encode(
        _ text: String, addingBeginOfText: Bool, matchingSpecialTokens: Bool = true
    ) throws(TokenizerError) -> [Int] {
        var ids = addingBeginOfText ? beginning : []
        let bytes = Array(text.utf8)
        for segment in addedTokens.segments(of: bytes, includingSpecial: matchingSpecialTokens) {
            switch segment {
            case .token(let id): ids.append(Int(id))
            case .text(let range):
                try encode(
                    normalizer(bytes[range]), matchingSpecialTokens: matchingSpecialTokens,
                    into: &ids)
            }
        }
        return ids
    }

    /// Encodes a piece of a text that has been normalised.
    private func encode(
        _ text: [UInt8], matchingSpecialTokens: Bool, into ids: inout [Int]
    ) throws(TokenizerError) {
        let segments = addedTokens.segments(
            ofNormalized: text, includingSpecial: matchingSpecialTokens)
        for segment in segments {
            switch segment {
            case .token(let id): ids.append(Int(id))
            case .text(let range):
                do {
                    try encode(text, in: range, into: &ids)
                } catch {
                    throw TokenizerError(path, "cannot cut a text into words", cause: error)
                }
            }
        }
    }

    /// An error about this tokenizer's file.
    func error(_ reason: String) -> TokenizerError { TokenizerError(path, reason) }

    private func encode(_ text: [UInt8], in range: Range<Int>, into ids: inout [Int]) throws {
        let (bytes, first, ends) = try preTokenizer.pieces(of: text, in: range)
        bytes.withUnsafeBytes { encoder.encode($0, from: first, ends: ends, into: &ids) }
    }
}
