import Foundation
import Imaging
import LLaVAMini
import SystemPackage

/// How alike two folders of one model speak: the distributions of an answer's first token.
///
///     vignette model convert llava-mini-llama-3.1-8b
///     VIGNETTE_BENCHMARKS=1 swift run -c release likeness-benchmark llava-mini-llama-3.1-8b \
///         llava-mini-llama-3.1-8b-q4
///
/// One after the other is in memory.
@main struct LikenessBenchmark {
    private static let questions = [
        "Describe this picture in one sentence.",
        "List what can be seen in this picture as single words, separated by commas.",
        "What is the main colour of this picture?",
    ]

    static func main() throws {
        let folders = CommandLine.arguments.dropFirst()
        guard folders.count == 2, let first = folders.first, let second = folders.last else {
            print("usage: likeness-benchmark FOLDER FOLDER")
            exit(2)
        }
        let one = try distributions(FilePath(first))
        let other = try distributions(FilePath(second))
        for (question, pair) in zip(questions, zip(one, other)) {
            print("\(question)  \(Likeness(of: pair.1, to: pair.0))")
        }
    }

    private static func distributions(_ folder: FilePath) throws -> [[Float]] {
        let start = ContinuousClock.now
        let model = try LLaVAMini.load(from: folder)
        let image = try model.encode(picture, highResolution: false)
        var prompts = try questions.map { try model.prompt($0) }
        try model.add(prompts.indices.map { (image, $0) }, to: &prompts)
        let answers = try model.generate(
            prompts, options: GenerationOptions(maximumTokens: 1), shouldStop: { false })
        print("\(folder): \((ContinuousClock.now - start) / .seconds(1)) s")
        return answers.map(\.firstLogits)
    }

    /// A sky over a field with a sun, enough for patches to differ.
    private static var picture: RGBImage {
        let (width, height) = (640, 480)
        let pixels = (0..<width * height).flatMap { place -> [UInt8] in
            let (x, y) = (place % width, place / width)
            let sun = (x - 480) * (x - 480) + (y - 90) * (y - 90) < 2500
            if sun { return [250, 230, 120] }
            if y < 280 { return [90, 150, UInt8(180 + y / 5)] }
            return [UInt8(60 + x % 37), UInt8(120 + (x * y) % 29), 50]
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }
}

/// Two distributions over the vocabulary, from their logits.
private struct Likeness: CustomStringConvertible {
    let cosine: Double
    /// What the second costs where the first is true (Kullback and Leibler), in nats.
    let divergence: Double
    let firstIsTheSame: Bool
    /// How many of the ten likeliest tokens are the same.
    let commonOfTen: Int

    init(of logits: [Float], to reference: [Float]) {
        let dot = { (a: [Float], b: [Float]) in
            zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        }
        cosine =
            dot(logits, reference) / (dot(logits, logits) * dot(reference, reference)).squareRoot()
        let (p, q) = (Self.logarithms(reference), Self.logarithms(logits))
        divergence = zip(p, q).reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) }
        let (ten, otherTen) = (Self.likeliest(reference), Self.likeliest(logits))
        firstIsTheSame = ten.first == otherTen.first
        commonOfTen = Set(ten).intersection(otherTen).count
    }

    private static func logarithms(_ logits: [Float]) -> [Double] {
        let top = Double(logits.max() ?? 0)
        let sum = logits.reduce(0) { $0 + exp(Double($1) - top) }
        return logits.map { Double($0) - top - log(sum) }
    }

    private static func likeliest(_ logits: [Float]) -> [Int] {
        Array(logits.indices.sorted { logits[$0] > logits[$1] }.prefix(10))
    }

    var description: String {
        String(
            format: "cosine %.4f, divergence %.4f nats, ", cosine, divergence)
            + "likeliest token \(firstIsTheSame ? "the same" : "another"), "
            + "\(commonOfTen) of the ten likeliest in common"
    }
}
