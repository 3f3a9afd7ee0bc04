import Imaging
import ModelLoading
import Tensor
import Testing

@testable import LLaVAMini

/// Several pictures in one pass, against the same pictures one by one.
@Suite struct NetworkEncodingTests {
    /// More than fill a pass of 1024 rows at 66 rows a picture.
    private let pictures = (0..<20).map { RGBImage.gradient(60 + 13 * $0, 150 - 5 * $0) }

    @Test(arguments: [1, 2], ["patch", "cls_patch"])
    func picturesTogetherArePicturesAlone(blocks: Int, feature: String) throws {
        let copy = try CheckpointCopy()
        try copy.set(["mm_vision_select_feature": feature])
        let network = try Network(folder: copy.folder)
        let some = Array(pictures.prefix(blocks == 1 ? 20 : 5))
        let together = try network.encode(some, blocks: blocks) { false }
        try #require(together.count == some.count)
        for (picture, image) in zip(some, together) {
            let alone = try network.encode([picture], blocks: blocks) { false }[0]
            #expect(image.isClose(to: alone))
        }
    }

    @Test func framesTogetherAreFramesAlone() throws {
        let network = try Network(folder: CheckpointCopy.original)
        let together = try network.encode(frames: pictures) { false }
        for (picture, image) in zip(pictures, together) {
            #expect(image.isClose(to: try network.encode(frames: [picture]) { false }[0]))
        }
    }

    @Test func noPicturesAreNoImages() throws {
        let network = try Network(folder: CheckpointCopy.original)
        #expect(try network.encode([], blocks: 1) { false }.isEmpty)
    }

    @Test func oneThatCannotBeTakenIsAnErrorOfAll() throws {
        let network = try Network(folder: CheckpointCopy.original)
        #expect(throws: ModelError.self) {
            try network.encode([.gradient(70, 70), .gradient(70_000, 1)], blocks: 1) { false }
        }
    }
}

extension EncodedImage {
    /// Whether everything but the identity is the same but for rounding.
    fileprivate func isClose(to other: EncodedImage) -> Bool {
        let layers = zip(cache.layers, other.cache.layers)
        return rows == other.rows && tokens.isClose(to: other.tokens)
            && Matrix(rows: 1, columns: attention.count, values: attention).isClose(
                to: Matrix(rows: 1, columns: other.attention.count, values: other.attention))
            && cache.layers.count == other.cache.layers.count
            && layers.allSatisfy {
                $0.keys.isClose(to: $1.keys) && $0.values.isClose(to: $1.values)
            }
    }
}
