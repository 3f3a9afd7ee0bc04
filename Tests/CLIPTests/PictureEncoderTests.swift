import Imaging
import JSONScanning
import ModelLoading
import SystemPackage
import Tensor
import TestSupport
import Testing

@testable import CLIP

@Suite struct PictureEncoderTests {
    private let encoder: PictureEncoder
    private let pictures = (0..<5).map { RGBImage.gradient(60 + 13 * $0, 150 - 5 * $0) }

    init() throws {
        encoder = try #require(try PictureEncoder.load(from: WholeCLIP.fixture))
    }

    @Test func picturesTogetherArePicturesAlone() throws {
        for (picture, together) in zip(pictures, try encoder.embed(pictures)) {
            let alone = try #require(try encoder.embed([picture])[0])
            #expect(try #require(together).cosine(to: alone) > 0.999_99)
        }
    }

    @Test func aSquareFrameIsTheSamePicture() throws {
        let square = RGBImage.gradient(90, 90)
        let still = try #require(try encoder.embed([square])[0])
        let frame = try #require(try encoder.embed(frames: [square])[0])
        #expect(still.cosine(to: frame) > 0.999_99)
    }

    @Test func theLastLayersClassTokenAloneIsThatOfTheWholeLayer() throws {
        // With every layer used, the class token comes out of a whole one; pooling runs the last for
        // that token alone where it is not used.
        let folder = try CLIPFolder(WholeCLIP.fixture)
        let model = ConfigurationFile(
            path: "config.json", values: ["mm_vision_select_layer": .integer(-3)])
        let vision = try VisionConfiguration(
            tower: folder.configuration, selection: .configured(model))
        #expect(vision.usedLayers == vision.layers - 2)
        let key = CLIPFolder.visionTower
        let weights = try WeightInventory([
            (try #require(folder.weights), vision.tensors(at: key) + vision.poolingTensors(at: key))
        ])
        let short = try vision.tower(at: key, poolingKey: key, from: weights)
        let pixels = try pictures.map { try encoder.processor.pixelValues($0) }
        let whole = try encoder.tower(pixels, pooling: true, shouldStop: { false })
        for (one, other) in zip(try short(pixels, pooling: true, shouldStop: { false }), whole) {
            let (a, b) = (try #require(one.pooled), try #require(other.pooled))
            try expect(a.values, matches: b.values, "pooled")
        }
        #expect(try short(pixels, pooling: false, shouldStop: { false })[0].pooled == nil)
    }

    @Test func withoutAProjectionThereIsNothingToEmbedWith() throws {
        let copy = try CLIPCopy()
        try copy.rewriteWeights { name, weights in
            name == "visual_projection.weight" ? nil : CLIPCopy.float32(name, weights)
        }
        #expect(try PictureEncoder.load(from: copy.folder) == nil)
    }

    @Test func aProjectionOfAnotherShapeIsNamed() throws {
        let copy = try CLIPCopy()
        try copy.set(["projection_dim": 48])
        let error = #expect(throws: ModelError.self) { try PictureEncoder.load(from: copy.folder) }
        #expect(try #require(error).description.contains("'visual_projection.weight'"))
    }

    @Test func aTowerOfConvolutionsIsPooledByItsMean() throws {
        let source = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .appending("Fixtures").appending("oracle").appending("efficientnet-lite-pad-f32")
            .appending("vision_tower")
        let copy = try FolderCopy(source)
        try WholeCLIP.complete(copy.path, pooledWidth: 40)
        let encoder = try #require(try PictureEncoder.load(from: copy.path))
        #expect(encoder.dimension == WholeCLIP.dimension)
        let embeddings = try encoder.embed(pictures).map { try #require($0) }
        #expect(embeddings[0].cosine(to: embeddings[0]) > 0.999_99)
        #expect(embeddings[0].cosine(to: embeddings[4]) < 0.999_99)
        let texts = try #require(try TextEncoder.load(from: copy.path))
        #expect(try texts.embed("a dog").values.count == encoder.dimension)
    }
}
