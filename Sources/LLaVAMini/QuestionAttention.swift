import CLIP
import Foundation
import Tensor
import Tokenization

/// Where the words of a question looked in a picture, before the language model saw either.
public struct QuestionAttention: Sendable {
    /// One word.
    public struct Word: Sendable {
        /// The word.
        public var text: String
        /// The weights of its tokens on each patch in each pre-fusion layer, averaged over tokens and heads.
        public var layers: [[Float]]
    }

    /// The question's words, in order.
    public var words: [Word]
}

extension LLaVAMini {
    /// Looks where the words of a question look in an encoded picture.
    ///
    /// The patches are those of `EncodedImage.attention`.
    ///
    /// - Parameters:
    ///   - question: The question.
    ///   - image: Encoded by this model.
    ///   - shouldStop: Asked between layers.
    /// - Returns: the words with their weights; no weights where the model has no pre-fusion layers.
    /// - Throws: `TokenizerError`, `ModelError`, `CancellationError`.
    public func attention(
        ofQuestion question: String, to image: EncodedImage, shouldStop: () -> Bool = { false }
    ) throws -> QuestionAttention {
        let prompt = try prompt(question)
        let layers = try PromptFusion(network).attention(
            of: .init(text: prompt.text, image: image), shouldStop: shouldStop)
        let tokens = configuration.compressedTokens
        let patches = (image.headAttention.first?.count ?? 0) / max(tokens, 1)
        // A high-resolution picture's fine patches stand first, a plain one's last before the tokens.
        let grid = configuration.vision.grid * configuration.vision.grid
        let first = patches > grid ? 0 : image.rows - tokens - patches
        let range = try ChatPrompt.questionRange(question, with: tokenizer)
        return QuestionAttention(
            words: words(prompt.ids, range).map { word in
                QuestionAttention.Word(
                    text: word.text,
                    layers: layers.map { layer in
                        (first..<first + patches).map { column in
                            word.rows.reduce(0) { $0 + layer[$1 * image.rows + column] }
                                / Float(word.rows.count)
                        }
                    })
            })
    }

    /// The words of a question with the rows of their tokens; a token that begins with a space begins a word.
    private func words(_ ids: [Int], _ range: Range<Int>) -> [(text: String, rows: [Int])] {
        var words: [(bytes: [UInt8], rows: [Int])] = []
        for row in range {
            guard let bytes = tokenizer.bytes(ofText: ids[row]) else { continue }
            let isNew = bytes.first.map { $0 == 0x20 || $0 == 0x0A } ?? false
            if words.isEmpty || isNew {
                words.append((bytes, [row]))
            } else {
                words[words.count - 1].bytes += bytes
                words[words.count - 1].rows.append(row)
            }
        }
        return words.map { word in
            (
                String(decoding: word.bytes, as: UTF8.self).trimmingCharacters(
                    in: .whitespacesAndNewlines), word.rows
            )
        }.filter { !$0.0.isEmpty }
    }
}
