import CLIP
import Imaging
import SystemPackage
import Tensor
import Testing

@testable import LLaVAMini

/// One question about one picture or clip, and what the reference computed for it.
struct OracleCase: Sendable, CustomTestStringConvertible {
    let folder: OracleFolder
    let golden: GoldenFile.Case

    var testDescription: String { "\(folder.testDescription)/\(golden.name)" }

    enum Mode: Equatable {
        case still(blocks: Int)
        case video
    }

    /// `standard`, `video`, or `hd` with the blocks along an edge (`hd2x2`) or the model's own.
    func mode() throws -> Mode {
        switch golden.mode {
        case "standard": return .still(blocks: 1)
        case "video": return .video
        default:
            try #require(golden.mode.hasPrefix("hd"), "\(golden.mode) is no mode")
            let count = golden.mode.dropFirst(2).prefix { $0.isNumber }
            return .still(
                blocks: try Int(count) ?? folder.model().configuration.resolutionRatio)
        }
    }

    /// The picture, or the frames in time order.
    func pictures() throws -> [RGBImage] {
        let names: [String] =
            switch golden.frames {
            case .count(let count): (0..<count).map { "frame-\($0).png" }
            case .names(let names): names
            case nil: (golden.image ?? golden.images)?.elements ?? []
            }
        return try names.map { try decodedPicture(folder.path.appending($0)) }
    }

    /// What the stages before the language model give.
    struct Stages {
        /// Everything that the vision tower is given, in the reference's order.
        var pixelValues: [[Float]] = []
        /// Of the last image or frame.
        var features: [Float] = []
        var compressed: [Float] = []
        var attention: [Float] = []
    }

    func stages() throws -> Stages {
        let network = try folder.model().network
        let pictures = try pictures()
        switch try mode() {
        case .video:
            var stages = Stages()
            for frame in pictures {
                let pixels = try network.processor.pixelValues(frame: frame)
                let features = try network.features(pixels) { false }
                stages = stages.adding(pixels, features, detail: nil, of: network)
            }
            return stages
        case .still(let blocks):
            let picture = try #require(pictures.first)
            let parts = blocks == 1 ? [] : ImageProcessor.blocks(of: picture, count: blocks)
            let pixels = try (parts + [picture]).map { try network.processor.pixelValues($0) }
            let features = try pixels.map { try network.features($0) { false } }
            let detail =
                parts.isEmpty
                ? nil
                : network.retiled(features.dropLast().map(network.patches), blocks: blocks)
            let whole = try #require(features.last)
            let (tokens, attention) = network.compress(whole, detail: detail)
            return Stages(
                pixelValues: pixels, features: features.flatMap(\.values),
                compressed: tokens.values, attention: attention.averaged)
        }
    }

    /// The question, fused with its picture or frames.
    func prompt() throws -> FusedPrompt {
        let network = try folder.model().network
        var prompt = try FusedPrompt(ids: golden.input_ids, network: network)
        for picture in try pictures() {
            try prompt.add(encoded(picture, network))
        }
        return prompt
    }

    private func encoded(_ picture: RGBImage, _ network: Network) throws -> EncodedImage {
        switch try mode() {
        case .video: try network.encode(frames: [picture]) { false }[0]
        case .still(let blocks): try network.encode([picture], blocks: blocks) { false }[0]
        }
    }
}

extension OracleCase.Stages {
    fileprivate func adding(
        _ pixels: [Float], _ features: Matrix, detail: Matrix?, of network: Network
    ) -> Self {
        let (tokens, attention) = network.compress(features, detail: detail)
        return Self(
            pixelValues: pixelValues + [pixels], features: features.values,
            compressed: tokens.values, attention: attention.averaged)
    }
}

extension [Matrix] {
    /// The mean of the heads.
    fileprivate var averaged: [Float] {
        reduce(into: [Float](repeating: 0, count: first?.count ?? 0)) { sum, head in
            for index in sum.indices { sum[index] += head.values[index] / Float(count) }
        }
    }
}
