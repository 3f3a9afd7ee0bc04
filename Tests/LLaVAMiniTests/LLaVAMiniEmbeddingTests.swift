import CLIP
import Imaging
import SystemPackage
import TestSupport
import Testing

@testable import LLaVAMini

/// Embeddings of a LLaVA-Mini whose vision tower is a part of a whole CLIP.
@Suite struct LLaVAMiniEmbeddingTests {
    private let copy: FolderCopy
    private let pictures = [RGBImage.gradient(150, 120), .gradient(112, 112), .gradient(60, 200)]

    init() throws {
        copy = try FolderCopy(CheckpointCopy.original)
        try WholeCLIP.complete(copy.path.appending("vision_tower"), pooledWidth: 64)
    }

    @Test func onePassMakesBothTheTokenAndTheEmbedding() throws {
        let model = try LLaVAMini.load(from: copy.path)
        let plain = try model.encode(pictures, highResolution: false)
        let both = try model.encode(pictures, highResolution: false, embedding: true)
        let alone = try #require(model.pictureEncoder).embed(pictures)
        for place in pictures.indices {
            #expect(plain[place].embedding == nil)
            #expect(both[place].token == plain[place].token)
            let embedding = try #require(both[place].embedding)
            #expect(embedding.values.count == WholeCLIP.dimension)
            #expect(embedding.cosine(to: try #require(alone[place])) > 0.999_99)
        }
    }

    @Test func highResolutionEmbedsTheWholePicture() throws {
        let model = try LLaVAMini.load(from: copy.path)
        let one = try model.encode(pictures, highResolution: true, embedding: true)
        let other = try model.encode(pictures, highResolution: false, embedding: true)
        for place in pictures.indices {
            let (a, b) = (one[place].embedding, other[place].embedding)
            #expect(try #require(a).cosine(to: try #require(b)) > 0.999_99)
        }
    }

    @Test func framesHaveEmbeddingsToo() throws {
        let model = try LLaVAMini.load(from: copy.path)
        let frames = try model.encode(frames: pictures, embedding: true)
        let alone = try #require(model.pictureEncoder).embed(frames: pictures)
        for (frame, embedding) in zip(frames, alone) {
            #expect(try #require(frame.embedding).cosine(to: try #require(embedding)) > 0.999_99)
        }
    }

    @Test func bothHalvesLoadWithoutTheLanguageModel() throws {
        let whole = try #require(try LLaVAMini.load(from: copy.path).pictureEncoder)
        let half = try #require(try LLaVAMini.pictureEncoder(of: copy.path))
        let (a, b) = (try whole.embed(pictures), try half.embed(pictures))
        #expect(a == b)
        let texts = try #require(try LLaVAMini.textEncoder(of: copy.path))
        #expect(try texts.embed("a dog").values.count == half.dimension)
    }

    @Test func withoutAProjectionDescriptionsGoOn() throws {
        let model = try LLaVAMini.load(from: CheckpointCopy.original)
        #expect(
            try model.encode(pictures, highResolution: false, embedding: true)[0].embedding == nil)
        #expect(try LLaVAMini.textEncoder(of: CheckpointCopy.original).map { _ in true } == nil)
        let support = try EmbeddingSupport(folder: CheckpointCopy.original)
        #expect(support.pictures == .absent && support.texts == .absent)
        #expect(support.dimension == nil && !support.wasPackedWithout)
    }

    @Test func aProjectionThatCannotBeUsedIsReportedAndDescriptionsGoOn() throws {
        let other = try FolderCopy(CheckpointCopy.original)
        try WholeCLIP.complete(other.path.appending("vision_tower"), pooledWidth: 63)
        let support = try EmbeddingSupport(folder: other.path)
        guard case .unusable(let reason) = support.pictures else {
            Issue.record("\(support) is usable")
            return
        }
        #expect(reason.contains("visual_projection.weight"))
        let model = try LLaVAMini.load(from: other.path)
        #expect(
            try model.encode(pictures, highResolution: false, embedding: true)[0].embedding == nil)
    }

    @Test func aTowerWithinTheCheckpointIsNotProjectedByAnother() throws {
        let inside = try FolderCopy(
            CheckpointCopy.original.removingLastComponent()
                .appending("compressor-2-pad-inside-f16"))
        try WholeCLIP.complete(inside.path.appending("vision_tower"), pooledWidth: 16)
        let support = try EmbeddingSupport(folder: inside.path)
        #expect(support.pictures == .absent && support.texts == .absent)
        let encoder = try LLaVAMini.load(from: inside.path).pictureEncoder
        #expect(encoder.map { _ in true } == nil)
    }

    @Test func aTowerOfConvolutionsHasEmbeddings() throws {
        let other = try FolderCopy(
            CheckpointCopy.original.removingLastComponent().appending("efficientnet-lite-pad-f32"))
        try WholeCLIP.complete(other.path.appending("vision_tower"), pooledWidth: 40)
        let model = try LLaVAMini.load(from: other.path)
        let encoded = try model.encode(pictures, highResolution: false, embedding: true)
        #expect(encoded.allSatisfy { $0.embedding?.values.count == WholeCLIP.dimension })
        #expect(try EmbeddingSupport(folder: other.path).texts == .usable)
    }
}
