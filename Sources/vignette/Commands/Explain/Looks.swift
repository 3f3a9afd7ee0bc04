import ArgumentParser
import CLIP
import Captioning
import Explaining
import Foundation
import Imaging
import LLaVAMini
import MediaDecoding
import SystemPackage

/// Where a model looked in a picture, or in some seconds of a clip.
struct Looks {
    /// A map of the token, and one of each word; or one of each second.
    let maps: [HeatMap]
    private let path: FilePath
    private let tokens: [(second: Double?, attention: PictureAttention)]
    private let words: [QuestionAttention.Word]

    /// The most seconds of a clip that are shown.
    private static let mostSeconds = 12

    /// Looks.
    ///
    /// - Throws: `DecodingError`, `ModelUnavailable`, `ValidationError` where something is asked of a clip.
    init(
        of path: FilePath, question: String?, _ captioner: Captioner, _ decoder: Decoder,
        longEdge: Int
    ) throws {
        self.path = path
        let probe = try decoder.probe(path)
        let edge = max(try captioner.minimumShortEdge(), longEdge)
        guard probe.kind == .still else {
            guard question == nil else {
                throw ValidationError("--question takes a picture; this is a clip")
            }
            words = []
            let wanted = Set(Self.seconds(of: probe.duration))
            var seen: [(frame: VideoFrame, attention: PictureAttention)] = []
            try decoder.frames(path, minimumShortEdge: edge) { frame in
                guard wanted.contains(Int(frame.second)), seen.count < Self.mostSeconds else {
                    return
                }
                seen.append((frame, try captioner.attention(ofFrame: frame.image)))
            }
            guard !seen.isEmpty else {
                throw DecodingError.rejected(path, reason: "the clip holds no frame")
            }
            tokens = seen.map { ($0.frame.second, $0.attention) }
            maps = seen.map { frame, attention in
                HeatMap(Self.clock(frame.second), frame.image, attention, attention.weights)
            }
            return
        }
        let picture = try decoder.still(path, minimumShortEdge: edge)
        let explained = try captioner.explain(picture, question: question)
        if question != nil, explained.words.first?.layers.isEmpty ?? true {
            throw ValidationError(
                "the model \(captioner.identity.name) has no pre-fusion layers, in which a question's "
                    + "words look at the picture")
        }
        tokens = [(nil, explained.token)]
        words = explained.words
        maps =
            [HeatMap("the one token", picture, explained.token, explained.token.weights)]
            + explained.words.map {
                HeatMap($0.text, picture, explained.token, Self.mean($0.layers))
            }
    }

    /// How many maps stand in a row.
    var columns: Int { maps.count <= 4 ? maps.count : 4 }

    /// Seconds spread over a clip; the first ones where its length is not known.
    private static func seconds(of duration: Double?) -> [Int] {
        let length = max(Int((duration ?? Double(mostSeconds)).rounded(.up)), 1)
        let step = max(Double(length) / Double(mostSeconds), 1)
        return stride(from: 0.0, to: Double(length), by: step).map { Int($0) }
    }

    private static func clock(_ second: Double) -> String {
        String(format: "%d:%02d", Int(second) / 60, Int(second) % 60)
    }

    private static func mean(_ layers: [[Float]]) -> [Float] {
        guard let first = layers.first else { return [] }
        return first.indices.map { place in
            layers.reduce(0) { $0 + $1[place] } / Float(layers.count)
        }
    }

    /// The maps in characters, and where half of the attention lies.
    var text: String {
        maps.map { map in
            let shades = Array(" ░▒▓█")
            let rows = stride(from: 0, to: map.weights.count, by: map.columns).map { start in
                map.weights[start..<start + map.columns].map { weight in
                    let share = map.largest > 0 ? weight / map.largest : 0
                    // Twice, since characters are twice as high as wide.
                    return String(repeating: shades[min(Int(share * 5), 4)], count: 2)
                }.joined()
            }
            let half = Double(map.half.count) / Double(map.weights.count) * 100
            return Style.bold(map.title.printable) + "\n" + rows.joined(separator: "\n")
                + String(format: "\nhalf of it lies on %.0f %% of the picture; ", half)
                + String(format: "█ is %.1f %%\n", map.largest * 100)
        }.joined(separator: "\n")
    }

    /// All numbers, for programs.
    func report(model: String) -> ExplainedFile {
        ExplainedFile(
            path: PathText(path), model: model,
            looks: tokens.map { second, attention in
                ExplainedFile.Look(
                    second: second, rows: attention.rows, columns: attention.columns,
                    areas: attention.areas.map { [$0.x, $0.y, $0.width, $0.height] },
                    weights: attention.weights, heads: attention.heads)
            }, words: words.map { ExplainedFile.Word(text: $0.text, layers: $0.layers) })
    }
}

extension HeatMap {
    fileprivate init(
        _ title: String, _ picture: RGBImage, _ attention: PictureAttention, _ weights: [Float]
    ) {
        self.init(
            title: title, picture: picture, areas: attention.areas, columns: attention.columns,
            weights: weights)
    }
}

/// Where a model looked, for programs by its keys.
struct ExplainedFile: Encodable {
    /// The token of a picture, or of one second.
    struct Look: Encodable {
        let second: Double?
        let rows: Int
        let columns: Int
        /// Left, top, width and height of each patch in shares of the picture, row by row.
        let areas: [[Double]]
        /// Averaged over the heads.
        let weights: [Float]
        let heads: [[Float]]
    }

    /// A word of the question.
    struct Word: Encodable {
        let text: String
        /// The weights of each pre-fusion layer, in the order of the areas.
        let layers: [[Float]]
    }

    let path: PathText
    let model: String
    let looks: [Look]
    let words: [Word]
}
