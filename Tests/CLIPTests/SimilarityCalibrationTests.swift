import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import CLIP

@Suite struct SimilarityCalibrationTests {
    private let folder: CLIPCopy

    init() throws { folder = try CLIPCopy() }

    @Test func probabilityAndSimilarityAreEachOthersInverse() {
        let calibration = SimilarityCalibration(scale: 24, bias: -3.4)
        for probability in [0.01, 0.3, 0.5, 0.9] {
            let cosine = calibration.similarity(ofProbability: probability)
            #expect(abs(calibration.probability(ofSimilarity: cosine) - probability) < 1e-12)
        }
        #expect(abs(calibration.probability(ofSimilarity: 3.4 / 24) - 0.5) < 1e-12)
    }

    @Test func aModelWithoutABiasOnlyCompares() throws {
        let encoder = try #require(try TextEncoder.load(from: folder.folder))
        #expect(encoder.calibration == nil)
    }

    @Test func scaleAndBiasAreRead() throws {
        try write(scale: [log(24)], bias: [-3.4])
        let calibration = try #require(try TextEncoder.load(from: folder.folder)?.calibration)
        #expect(abs(calibration.scale - 24) < 1e-4 && abs(calibration.bias + 3.4) < 1e-6)
    }

    @Test(arguments: [(Float.nan, Float(-3)), (Float.infinity, Float(-3)), (Float(3), Float.nan)])
    func numbersThatAreNoneCalibrateNothing(_ scale: Float, _ bias: Float) throws {
        try write(scale: [scale], bias: [bias])
        let encoder = try #require(try TextEncoder.load(from: folder.folder))
        #expect(encoder.calibration == nil)
    }

    @Test func aTensorOfAnotherShapeIsNamed() throws {
        try write(scale: [1], bias: [1, 2])
        let error = #expect(throws: (any Error).self) { try TextEncoder.load(from: folder.folder) }
        #expect("\(try #require(error))".contains("logit_bias"))
    }

    private func write(scale: [Float], bias: [Float]) throws {
        try folder.rewriteWeights { name, weights in
            name == "logit_scale" ? nil : CLIPCopy.float32(name, weights)
        }
        try RandomTensors.append(
            [
                .init(name: "logit_scale", shape: [scale.count], values: scale),
                .init(name: "logit_bias", shape: [bias.count], values: bias),
            ], to: folder.path("model.safetensors"))
    }
}
