import Concepts
import Foundation
import Imaging
import ModelLoading
import SystemPackage
import TestSupport
import Testing

@testable import LLaVAMini

/// What a model with a concept head tells of pictures beside its token.
@Suite struct ConceptsOfPicturesTests {
    private let copy: FolderCopy
    private let pictures = [RGBImage.gradient(150, 120), .gradient(60, 200)]

    init() throws {
        copy = try FolderCopy(
            CheckpointCopy.original.removingLastComponent().appending("efficientnet-lite-pad-f32"))
        let tower = copy.path.appending("vision_tower/config.json")
        var values = try Self.values(tower)
        values["pooling"] = "mean_max"
        try JSONSerialization.data(withJSONObject: values).write(to: URL(filePath: tower.string))
        try ConceptFiles.add(to: copy.path, width: 80, classified: 40)
    }

    @Test func everyPictureHasProbabilities() throws {
        let model = try LLaVAMini.load(from: copy.path)
        #expect(model.configuration.concepts?.concepts.count == ConceptFiles.concepts)
        let encoded = try model.encode(pictures, highResolution: false)
        let all = try encoded.map { try #require($0.concepts).values }
        #expect(all[0] != all[1])
        #expect(all.joined().allSatisfy { (0...1).contains($0) })
        #expect(encoded.allSatisfy { $0.embedding == nil })
    }

    @Test func highResolutionAndFramesTellTheWholePictures() throws {
        let model = try LLaVAMini.load(from: copy.path)
        let whole = try model.encode(pictures, highResolution: false)
        let detailed = try model.encode(pictures, highResolution: true)
        #expect(whole.map(\.concepts) == detailed.map(\.concepts))
        #expect(try model.encode(frames: pictures).allSatisfy { $0.concepts != nil })
    }

    @Test func itChangesNothingOfTheToken() throws {
        let without = try LLaVAMini.load(
            from: CheckpointCopy.original.removingLastComponent()
                .appending("efficientnet-lite-pad-f32"))
        let with = try LLaVAMini.load(from: copy.path)
        let plain = try without.encode(pictures, highResolution: false)
        #expect(plain.allSatisfy { $0.concepts == nil })
        #expect(
            try with.encode(pictures, highResolution: false).map(\.token) == plain.map(\.token))
    }

    @Test func aHeadOfAnotherWidthIsRefusedByName() throws {
        let tower = copy.path.appending("vision_tower/config.json")
        var values = try Self.values(tower)
        values["pooling"] = "mean"
        try JSONSerialization.data(withJSONObject: values).write(to: URL(filePath: tower.string))
        let error = try #require(throws: ModelError.self) { try LLaVAMini.load(from: copy.path) }
        #expect(error.description.contains("model.concept_head.straight.weight"))
    }

    @Test func aTowerWithoutTheWholePicturesFeaturesIsRefused() throws {
        let clip = try CheckpointCopy()
        try clip.rewriteWeights()
        try ConceptFiles.add(to: clip.folder, width: 64, classified: 64)
        let error = try #require(throws: ModelError.self) { try LLaVAMini.load(from: clip.folder) }
        #expect(error.description.contains("concepts.json"))
    }

    private static func values(_ file: FilePath) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(filePath: file.string))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
}
