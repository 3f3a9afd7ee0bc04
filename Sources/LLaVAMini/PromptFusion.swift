import Foundation
import ModelLoading
import Tensor

/// Runs many prompts' texts through pre-fusion against many images.
///
/// The mask is causal, so that texts about the same image that begin with the same tokens have the
/// same hidden states there: those are computed once.
struct PromptFusion {
    /// A prompt before any image.
    struct Text {
        /// Tokens, with the image's placeholder among them.
        let ids: [Int]
        /// [text, width].
        let embeddings: Matrix
    }

    /// A text and an image that it is about.
    struct Pair {
        let text: Text
        let image: EncodedImage
    }

    private let network: Network

    init(_ network: Network) {
        self.network = network
    }

    /// The fused text of each pair: [text, width].
    ///
    /// What is masked out, the image's place and entry 0, which the reference takes for padding,
    /// keeps its plain embedding.
    ///
    /// - Throws: `ModelError` where an image and a text together have too many positions,
    ///   `CancellationError` where `shouldStop` says so.
    func states(of pairs: [Pair], shouldStop: StopCheck) throws -> [Matrix] {
        for pair in pairs { try check(pair) }
        var states = pairs.map { _ in Matrix(rows: 0, columns: 0) }
        for pass in FusionGroup.grouping(pairs).inPasses(rows: \.rows) {
            let fused = try network.preFusion.texts(pass.map(\.textGroup), shouldStop: shouldStop)
            var start = 0
            for group in pass {
                for (pair, rows) in group.places(from: start) {
                    states[pair] = FusionMask.unmasked(fused.gathering(rows), of: pairs[pair].text)
                }
                start += group.rows
            }
        }
        return states
    }

    /// The attention that each row of a text paid to each row of the image, averaged over the heads.
    ///
    /// - Returns: of each layer the rows of [text, rows of the image], one behind the other.
    /// - Throws: As for the states.
    func attention(of pair: Pair, shouldStop: StopCheck) throws -> [[Float]] {
        try check(pair)
        let language = network.configuration.language
        let (rows, columns) = (pair.text.ids.count, pair.image.rows)
        var weights = [[Float]](
            repeating: [Float](repeating: 0, count: rows * columns),
            count: network.configuration.preFusionLayers)
        let share = 1 / Float(language.heads)
        let groups = FusionGroup.grouping([pair])
        // A text alone shares no beginning: its rows are the second passage.
        _ = try network.preFusion.texts(
            groups.map(\.textGroup),
            observe: { layer, passage, _, row, seen in
                guard passage == 1 else { return }
                for column in 0..<min(columns, seen.count) {
                    weights[layer][row * columns + column] += seen[column] * share
                }
            }, shouldStop: shouldStop)
        return weights
    }

    /// The part of its attention that each row of a text paid to the image in the first layer, head by head.
    ///
    /// - Returns: [heads × text]; nothing where there is no layer.
    /// - Throws: As for the states.
    func firstLook(of pair: Pair, shouldStop: StopCheck) throws -> [Float] {
        try check(pair)
        guard network.configuration.preFusionLayers > 0 else { return [] }
        let (rows, columns) = (pair.text.ids.count, pair.image.rows)
        var parts = [Float](repeating: 0, count: network.configuration.language.heads * rows)
        _ = try network.preFusion.texts(
            FusionGroup.grouping([pair]).map(\.textGroup), layers: 1,
            observe: { _, passage, head, row, seen in
                guard passage == 1 else { return }
                parts[head * rows + row] = seen.prefix(columns).reduce(0, +)
            }, shouldStop: shouldStop)
        return parts
    }

    private func check(_ pair: Pair) throws {
        precondition(
            pair.image.tokens.columns == pair.text.embeddings.columns
                && pair.image.cache.layers.count == network.configuration.preFusionLayers,
            "an image is fused with prompts of the model that encoded it")
        try network.checkRoom(
            for: pair.image.rows + pair.text.ids.count { !FusionMask.isHidden($0) })
    }
}

/// Pairs about one image.
private struct FusionGroup {
    private let image: EncodedImage
    /// Different texts, each with the places of its pairs.
    private var texts: [(text: PromptFusion.Text, pairs: [Int])] = []
    /// Rows that all texts begin with; none where there is one text.
    private var shared: Int {
        let common = texts.dropFirst().reduce(texts[0].text.ids[...]) { common, other in
            common.prefix(zip(common, other.text.ids).prefix { $0 == $1 }.count)
        }
        return texts.count > 1 ? common.count : 0
    }

    static func grouping(_ pairs: [PromptFusion.Pair]) -> [FusionGroup] {
        var groups: [FusionGroup] = []
        var places: [UUID: Int] = [:]
        for (index, pair) in pairs.enumerated() {
            let place = places[pair.image.identity] ?? groups.count
            if place == groups.count {
                places[pair.image.identity] = place
                groups.append(FusionGroup(image: pair.image))
            }
            groups[place].add(pair.text, pair: index)
        }
        return groups
    }

    private init(image: EncodedImage) {
        self.image = image
    }

    private mutating func add(_ text: PromptFusion.Text, pair: Int) {
        if let known = texts.firstIndex(where: { $0.text.ids == text.ids }) {
            texts[known].pairs.append(pair)
        } else {
            texts.append((text, [pair]))
        }
    }

    /// Rows that go through the layers.
    var rows: Int { texts.reduce(shared) { $0 + $1.text.ids.count - shared } }

    var textGroup: TextGroup {
        let beginning = passage(of: texts[0].text, 0..<shared)
        return TextGroup(
            image: image.cache, imageRows: image.rows,
            passages: [beginning]
                + texts.map { passage(of: $0.text, shared..<$0.text.ids.count) })
    }

    private func passage(of text: PromptFusion.Text, _ rows: Range<Int>) -> TextGroup.Passage {
        TextGroup.Passage(
            embeddings: text.embeddings.rows(rows),
            marks: text.ids[rows].map(FusionMask.isHidden))
    }

    /// Where the rows of each pair's text are, the group's first being at `start`.
    func places(from start: Int) -> [(pair: Int, rows: [Int])] {
        var next = start + shared
        return texts.flatMap { text, pairs in
            let own = text.ids.count - shared
            let rows = Array(start..<start + shared) + Array(next..<next + own)
            next += own
            return pairs.map { ($0, rows) }
        }
    }
}
