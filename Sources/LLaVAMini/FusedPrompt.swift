import Foundation
import ModelLoading
import Tensor
import Tokenization

/// A question's text, fused with the images that it is asked about.
///
/// With one image it is a question about a still. With more it is one about a video: the frames'
/// tokens stand side by side in the order in which they were added, and the fused text is the mean
/// over the frames.
public struct FusedPrompt: Sendable {
    /// The prompt's tokens, with the image's placeholder among them.
    let ids: [Int]
    private let placeholder: Int
    /// Plain embeddings [text, width]; a row that stands for no token has entry 0's.
    private let embeddings: Matrix
    private let network: Network
    /// Mean over the images so far: [text, width].
    private var fused: Matrix
    private var tokens: Matrix
    /// The images whose tokens are kept.
    private var images: [UUID] = []
    /// The images that `fused` is the mean over.
    private var fusedImages = 0

    /// Embeds a prompt.
    ///
    /// - Throws: `ModelError` where the ids hold no placeholder, or several, or something that is
    ///   no token of the model.
    init(ids: [Int], network: Network) throws {
        let vocabulary = network.language.configuration.vocabularySize
        guard let place = ids.firstIndex(of: ChatPrompt.imagePlaceholder),
            ids.lastIndex(of: ChatPrompt.imagePlaceholder) == place
        else { throw ModelError(nil, "the prompt does not have one place for the image") }
        let strange = ids.first { $0 != ChatPrompt.imagePlaceholder && !(0..<vocabulary ~= $0) }
        guard strange == nil else {
            throw ModelError(
                nil,
                "the tokenizer gives the token \(strange ?? 0), and the model has \(vocabulary)",
                advice: "Check that tokenizer.json and config.json are of one checkpoint.")
        }
        self.ids = ids
        self.network = network
        placeholder = place
        embeddings = network.language.embed(ids.map { max($0, 0) })
        fused = Matrix(rows: 0, columns: embeddings.columns)
        tokens = Matrix(rows: 0, columns: embeddings.columns)
    }

    /// Runs the text through pre-fusion against an image.
    ///
    /// Keeps of the image its token and nothing else, so that a video of any length can be added.
    ///
    /// - Parameters:
    ///   - image: Encoded by the model that the prompt is for.
    ///   - shouldStop: Asked between layers.
    /// - Throws: `ModelError` where image and text together have too many positions,
    ///   `CancellationError` where `shouldStop` says so.
    public mutating func add(
        _ image: EncodedImage, shouldStop: () -> Bool = { false }
    ) throws {
        let states = try PromptFusion(network).states(
            of: [.init(text: text, image: image)], shouldStop: shouldStop)
        add(states[0], of: image)
    }

    /// What pre-fusion takes of the prompt.
    var text: PromptFusion.Text { PromptFusion.Text(ids: ids, embeddings: embeddings) }

    /// Takes in the text as an image changed it: [text, width].
    mutating func add(_ states: Matrix, of image: EncodedImage) {
        images.append(image.identity)
        tokens.append(image.tokens)
        averageIn(states, of: 1)
    }

    /// Takes in an image's tokens and the text as it changed it: [tokens, width], [text, width].
    mutating func add(_ states: Matrix, tokens new: Matrix) {
        images.append(UUID())
        tokens.append(new)
        averageIn(states, of: 1)
    }

    /// Takes in the images of a prompt with the same text, which come after its own.
    ///
    /// The same as adding them one by one, but for rounding.
    public mutating func append(_ later: FusedPrompt) {
        precondition(ids == later.ids, "prompts that are joined ask the same")
        images += later.images
        tokens.append(later.tokens)
        averageIn(later.fused, of: later.fusedImages)
    }

    /// Lets go of every second image's token, from the second one on; the fused text stays the mean
    /// over all of them.
    public mutating func halveTokens() {
        guard images.count > 1 else { return }
        let rows = tokens.rows / images.count
        let kept = stride(from: 0, to: images.count, by: 2)
        tokens = tokens.gathering(kept.flatMap { $0 * rows..<($0 + 1) * rows })
        images = kept.map { images[$0] }
    }

    /// The rows of `inputsEmbeds` that are each image's tokens.
    var imageRows: [Range<Int>] {
        guard !images.isEmpty else { return [] }
        let count = tokens.rows / images.count
        return images.indices.map { placeholder + $0 * count..<placeholder + ($0 + 1) * count }
    }

    /// The rows of `inputsEmbeds` that are the text behind the images.
    var wordRows: Range<Int> { placeholder + tokens.rows..<ids.count - 1 + tokens.rows }

    /// How many images' tokens it holds.
    public var imageCount: Int { images.count }

    private mutating func averageIn(_ states: Matrix, of count: Int) {
        guard count > 0 else { return }
        fusedImages += count
        if fusedImages == count {
            fused = states
        } else {
            fused.average(in: states, share: Float(count) / Float(fusedImages))
        }
    }

    /// Positions that the text takes, the image's place among them.
    public var length: Int { ids.count }

    /// What enters the language model: [text − 1 + tokens, width].
    ///
    /// - Throws: `ModelError` where no image was added.
    func inputsEmbeds() throws -> Matrix {
        guard !images.isEmpty else {
            throw ModelError(nil, "a prompt was to be answered before an image was added to it")
        }
        return Matrix(stacking: [
            fused.rows(0..<placeholder), tokens, fused.rows(placeholder + 1..<ids.count),
        ])
    }

    /// How many of the first rows of `inputsEmbeds` are the same, leaving a row to each.
    ///
    /// None where the images differ: every row of fused text has seen the whole image.
    func commonRows(with other: FusedPrompt) -> Int {
        guard images == other.images else { return 0 }
        let alike = zip(ids, other.ids).prefix { $0 == $1 }.count
        let rows = alike > placeholder ? alike - 1 + tokens.rows : alike
        let shortest = min(ids.count, other.ids.count) - 1 + tokens.rows
        return min(rows, shortest - 1)
    }
}
