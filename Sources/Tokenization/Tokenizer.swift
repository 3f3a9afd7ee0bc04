import JSONScanning
public import SystemPackage

/// Text to token ids and back: the byte-level BPE that a model's `tokenizer.json` describes.
///
/// Results are those of Hugging Face's `tokenizers` for every text.
public struct Tokenizer: Sendable {
    private let path: FilePath
    private let addedTokens: AddedTokens
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
        let path = folder.appending("tokenizer.json")
        do {
            let json = try contents(of: path)
            let definition = try json.withUnsafeBytes { try TokenizerDefinition(json: $0) }
            encoder = try BytePairEncoder(definition.model)
            vocabulary = try TokenVocabulary(
                definition.model, words: encoder.words, added: definition.addedTokens)
            addedTokens = AddedTokens(definition.addedTokens)
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
            case .token(let id):
                ids.append(Int(id))
            case .text(let range):
                do {
                    try encode(bytes, in: range, into: &ids)
                } catch {
                    throw TokenizerError(path, "cannot cut a text into words", cause: error)
                }
            }
        }
        return ids
    }

    /// An error about this tokenizer's file.
    func error(_ reason: String) -> TokenizerError { TokenizerError(path, reason) }

    private func encode(_ text: [UInt8], in range: Range<Int>, into ids: inout [Int]) throws {
        let (bytes, first, ends) = try preTokenizer.pieces(of: text, in: range)
        bytes.withUnsafeBytes { encoder.encode($0, from: first, ends: ends, into: &ids) }
    }
}
