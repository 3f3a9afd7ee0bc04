import CLIP
import Checkpoint
import Foundation
import Imaging
import LLaVAMini
import SystemPackage
import TestSupport
import Testing

@testable import ModelConversion

/// What a conversion keeps for embeddings, and what is added to a model that was packed without it.
@Suite struct EmbeddingConversionTests {
    private static let checkpoints = [("tiny-llava-mini", 64), ("efficientnet-lite-pad-f32", 40)]
    private static let texts = ["a dog on a beach", "zwei Hunde", ""]
    private let picture = RGBImage(
        width: 150, height: 120, pixels: (0..<150 * 120 * 3).map { UInt8($0 * 7 % 251) })

    private func source(_ name: String, pooledWidth: Int) throws -> SourceCopy {
        let copy = try SourceCopy(name)
        try WholeCLIP.complete(copy.path("vision_tower"), pooledWidth: pooledWidth)
        return copy
    }

    private func expectNearlyTheSame(_ one: FilePath, _ other: FilePath) throws {
        let texts = try [one, other].map {
            try #require(try LLaVAMini.textEncoder(of: $0)).embed(Self.texts)
        }
        for (a, b) in zip(texts[0], texts[1]) { #expect(a.cosine(to: b) >= 0.999) }
        let pictures = try [one, other].map {
            try #require(try LLaVAMini.pictureEncoder(of: $0)).embed([picture])[0]
        }
        #expect(try #require(pictures[0]).cosine(to: try #require(pictures[1])) >= 0.995)
    }

    @Test(arguments: checkpoints, WeightBits.allCases)
    func theConvertedModelEmbedsNearlyTheSame(
        _ checkpoint: (name: String, pooledWidth: Int), _ bits: WeightBits
    ) throws {
        let copy = try source(checkpoint.name, pooledWidth: checkpoint.pooledWidth)
        _ = try ModelConversion(from: copy.folder, to: copy.target, bits: bits).run { _ in }
        let support = try EmbeddingSupport(folder: copy.target)
        #expect(support.pictures == .usable && support.texts == .usable)
        #expect(!support.wasPackedWithout)
        try expectNearlyTheSame(copy.folder, copy.target)
    }

    @Test func theTextTowerHasEightBitsWhateverTheRest() throws {
        let copy = try source("tiny-llava-mini", pooledWidth: 64)
        for bits in WeightBits.allCases {
            let target = copy.room.appending("\(bits)")
            _ = try ModelConversion(from: copy.folder, to: target, bits: bits).run { _ in }
            let tower = try SafetensorsFile(target.appending("vision_tower/model.safetensors"))
            let names = tower.weights.keys.filter { $0.hasPrefix("text_model.encoder.") }
            let matrices = names.filter { $0.contains("_proj.weight") || $0.contains(".fc") }
                .filter { !$0.hasSuffix(".bias") }
            #expect(!matrices.isEmpty && matrices.allSatisfy { $0.hasSuffix(".q8") })
            for kept in ["text_projection.weight", "visual_projection.weight"] {
                #expect(tower.weights[kept] != nil, "\(kept)")
            }
        }
    }

    /// A model as an earlier version packed it: the tower's configuration, and nothing else.
    private func packedWithout(_ copy: SourceCopy) throws {
        _ = try ModelConversion(from: copy.folder, to: copy.target, bits: .four).run { _ in }
        for name in ["model.safetensors", "vocab.json", "merges.txt"] {
            try FileManager.default.removeItem(
                atPath: copy.target.appending("vision_tower").appending(name).string)
        }
    }

    @Test func aModelThatWasPackedWithoutGetsItAndStaysAsItWas() throws {
        let copy = try source("tiny-llava-mini", pooledWidth: 64)
        try packedWithout(copy)
        #expect(try EmbeddingSupport(folder: copy.target).wasPackedWithout)
        #expect(try LLaVAMini.textEncoder(of: copy.target).map { _ in true } == nil)
        let weights = copy.target.appending("model.safetensors").string
        let before = try Data(contentsOf: URL(filePath: weights))
        let bytes = try EmbeddingAddition(
            to: copy.target, from: copy.path("vision_tower")
        ).run { _ in }
        let after = try Data(contentsOf: URL(filePath: weights))
        #expect(bytes > 0 && after == before)
        #expect(try EmbeddingSupport(folder: copy.target).texts == .usable)
        try expectNearlyTheSame(copy.folder, copy.target)
    }

    @Test func anotherCLIPIsRefusedAndNothingIsLeft() throws {
        let copy = try source("tiny-llava-mini", pooledWidth: 64)
        try packedWithout(copy)
        let tower = copy.target.appending("vision_tower")
        let names = try copy.names(tower)
        #expect(throws: (any Error).self) {
            try EmbeddingAddition(to: copy.target, from: WholeCLIP.fixture).run { _ in }
        }
        #expect(try copy.names(tower) == names)
    }

    @Test func whatIsThereAlreadyIsNotAddedAgain() throws {
        let copy = try source("tiny-llava-mini", pooledWidth: 64)
        _ = try ModelConversion(from: copy.folder, to: copy.target, bits: .eight).run { _ in }
        let error = #expect(throws: ConversionError.self) {
            try EmbeddingAddition(to: copy.target, from: copy.path("vision_tower")).run { _ in }
        }
        #expect(try #require(error).description.contains("is there already"))
    }

    @Test func aModelThatIsNotPackedIsToldWhatToDo() throws {
        let copy = try source("tiny-llava-mini", pooledWidth: 64)
        let error = #expect(throws: ConversionError.self) {
            try EmbeddingAddition(to: copy.folder, from: WholeCLIP.fixture).run { _ in }
        }
        #expect(try #require(error).description.contains("no packed model"))
    }

    @Test func aModelWithoutAProjectionIsConvertedAsBefore() throws {
        let copy = try SourceCopy("tiny-llava-mini")
        _ = try ModelConversion(from: copy.folder, to: copy.target, bits: .four).run { _ in }
        #expect(
            try copy.names(copy.target.appending("vision_tower"))
                == ["config.json", "preprocessor_config.json"])
        let support = try EmbeddingSupport(folder: copy.target)
        #expect(!support.wasPackedWithout)
    }
}
