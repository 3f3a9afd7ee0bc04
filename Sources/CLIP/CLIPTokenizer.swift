import ModelLoading
import SystemPackage
import Tokenization

/// CLIP's tokenizer: lower-casing byte-level BPE whose tokens know the end of a word.
///
/// From `tokenizer.json`, or from `vocab.json` and `merges.txt` where there is none.
struct CLIPTokenizer: Sendable {
    private let tokenizer: Tokenizer
    /// `<|startoftext|>`.
    let beginning: Int
    /// `<|endoftext|>`.
    let end: Int

    /// One more than the highest id.
    var vocabularySize: Int { tokenizer.vocabularySize }

    /// Reads the files of a folder.
    ///
    /// - Throws: `TokenizerError` naming the file and the key, `ModelError` where it knows no
    ///   beginning or end of a text.
    init(folder: FilePath) throws {
        let isWhole = FilePresence.exists(folder.appending("tokenizer.json"))
        let tokenizer =
            isWhole
            ? try Tokenizer(folder: folder) : try Tokenizer(vocabularyAndMergesIn: folder)
        func id(_ name: String) throws(ModelError) -> Int {
            guard let id = tokenizer.id(of: name) else {
                throw ModelError(
                    folder, "has a tokenizer without '\(name)', which no text tower can do without",
                    advice: "Use the tokenizer files that came with the text tower.")
            }
            return id
        }
        self.tokenizer = tokenizer
        beginning = try id("<|startoftext|>")
        end = try id("<|endoftext|>")
    }

    /// The ids of a text between those of beginning and end.
    ///
    /// - Parameters:
    ///   - text: Any text.
    ///   - most: Ids at most, two or more; what is cut off, is so before the end.
    /// - Returns: the ids.
    /// - Throws: `TokenizerError` where the file's regular expression gives up on the text.
    func encode(_ text: String, atMost most: Int) throws(TokenizerError) -> [Int] {
        let ids = try tokenizer.encode(text, addingBeginOfText: false)
        return [beginning] + ids.prefix(most - 2) + [end]
    }
}
