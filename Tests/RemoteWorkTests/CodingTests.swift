import Imaging
import MediaDecoding
import TestSupport
import Testing
import WorkQueue

@testable import RemoteWork

@Suite struct CodingTests {
    static let answer = PieceAnswer(
        texts: [
            ModelText(prompt: "caption", text: "a böat"),
            ModelText(prompt: "caption", text: "a part", span: ClipSpan(start: 0, end: 2.5)),
            ModelText(prompt: ModelText.originalCaption, text: "the image shows a böat"),
        ], tags: ["boat", ModelTag("sea", probability: 0.25)],
        tokens: [
            VisionToken(second: 0, elements: [1, -2.5]), VisionToken(second: 1, elements: [0, 3]),
        ],
        embeddings: [StoredEmbedding(second: 1, values: [-127, 0, 127], scale: 0.5)],
        embeddingVersion: "abc")

    @Test func answerComesBackAsItWas() throws {
        #expect(try PieceAnswer(Self.answer.encoded) == Self.answer)
    }

    @Test func pixelsComeBackAsTheyWere() throws {
        let image = RGBImage(width: 2, height: 1, pixels: [1, 2, 3, 4, 5, 6])
        for content: PieceContent in [
            .still(image),
            .clip(
                [VideoFrame(second: 0, image: image), VideoFrame(second: 2, image: image)],
                duration: 2.5),
            .clip([VideoFrame(second: 0, image: image)], duration: nil),
        ] {
            #expect(try PieceContent(content.encoded) == content)
        }
    }

    /// Whatever somebody writes is refused or is an answer that would be written in just these bytes.
    @Test func damagedAnswersAreRefusedOrWhole() throws {
        var random = SeededGenerator(seed: 22)
        let whole = Self.answer.encoded
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes.removeLast(Int.random(in: 0...min(bytes.count, 20), using: &random))
                case 1:
                    bytes += (0..<Int.random(in: 0..<9, using: &random)).map { _ in
                        .random(in: 0...255, using: &random)
                    }
                default:
                    guard !bytes.isEmpty else { continue }
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    bytes[place] =
                        [0, 1, 127, 128, 255, .random(in: 0...255, using: &random)].randomElement(
                            using: &random) ?? 0
                }
            }
            guard let answer = try? PieceAnswer(bytes) else { continue }
            #expect(try PieceAnswer(answer.encoded) == answer)
        }
    }

    @Test func hugeCountsTakeNoMemory() {
        for place in [1, 5] {
            var bytes = [UInt8](repeating: 0, count: 64)
            bytes[0] = 1
            for offset in 0..<4 { bytes[place + offset] = 255 }
            #expect(throws: BadBytes.self) { try PieceAnswer(bytes) }
        }
        var clip: [UInt8] = [1, 1, 0]
        clip += [255, 255, 255, 255]
        #expect(throws: BadBytes.self) { try PieceContent(clip) }
        #expect(throws: BadBytes.self) { try PieceContent([1, 0, 255, 255, 0, 0, 255, 255, 0, 0]) }
    }

    @Test(arguments: [
        (PieceAnswer(), WorkKind.describe),
        (PieceAnswer(texts: [ModelText(prompt: "caption", text: "a")]), .describe),
        (
            PieceAnswer(
                texts: [ModelText(prompt: "title", text: "a")], tokens: [VisionToken(elements: [1])]
            ), .describe
        ),
        (answer, .describe), (PieceAnswer(), .embed),
        (
            PieceAnswer(
                tags: ["a"], embeddings: [StoredEmbedding(values: [1], scale: 1)]), .embed
        ),
        (PieceAnswer(embeddings: [StoredEmbedding(second: 3, values: [1], scale: 1)]), .embed),
        (PieceAnswer(embeddings: [StoredEmbedding(values: [1, 2], scale: 1)]), .embed),
    ]) func answerToSomethingElseIsRefused(answer: PieceAnswer, kind: WorkKind) {
        #expect(throws: BadBytes.self) {
            try PieceAnswer(answer.encoded).check(kind, isClip: false, dimension: 1)
        }
    }

    @Test func answerOfAClipTellsSecondsInOrder() throws {
        try Self.answer.check(.describe, isClip: true, dimension: 3)
        var twice = Self.answer
        twice.tokens.reverse()
        #expect(throws: BadBytes.self) { try twice.check(.describe, isClip: true, dimension: 3) }
    }

    @Test func pieceNumbersAreReadBack() {
        let piece = PieceID()
        #expect(PieceID(hexadecimal: piece.description) == piece)
        #expect(PieceID(hexadecimal: "xyz") == nil)
        #expect(PieceID([1]) == nil)
    }
}
