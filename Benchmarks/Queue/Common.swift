import Foundation
import Imaging
import RemoteWork
import WorkQueue

/// What both measurements have in common.
enum Common {
    static let recipe = QueueRecipe(
        kind: .describe, recipe: Recipe(model: "at once", version: "1", settings: [1]), prompts: [1]
    )

    /// What a model says of a picture, of the usual size: a caption, tags, a token of 4,096 numbers and an embedding.
    static let answer = PieceAnswer(
        texts: [
            ModelText(prompt: "caption", text: String(repeating: "a boat on the sea ", count: 8))
        ],
        tags: (0..<20).map { ModelTag("tag\($0)", probability: 0.5) },
        tokens: [VisionToken(elements: [Float](repeating: 0.5, count: 4096))],
        embeddings: [StoredEmbedding(values: [Int8](repeating: 3, count: 768), scale: 0.1)],
        embeddingVersion: "1"
    ).encoded

    /// A picture as the model looks at it.
    static func pixels(_ edge: Int) -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        var pixels = [UInt8](repeating: 0, count: edge * edge * 3)
        pixels.withUnsafeMutableBytes { bytes in
            for place in stride(from: 0, to: bytes.count - 8, by: 8) {
                bytes.storeBytes(of: random.next(), toByteOffset: place, as: UInt64.self)
            }
        }
        return pixels
    }

    static func thread(_ body: @escaping @Sendable () throws -> Void) {
        let thread = Thread {
            do {
                try body()
            } catch {
                print("\(error)")
                exit(1)
            }
        }
        thread.stackSize = 1 << 20
        thread.start()
    }
}
