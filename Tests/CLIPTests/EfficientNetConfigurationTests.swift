import CLIP
import Foundation
import ModelLoading
import SystemPackage
import TestSupport
import Testing

@testable import CLIP

/// A tower of convolutions, as its `config.json` describes it.
@Suite struct EfficientNetConfigurationTests {
    private static let original = FilePath(#filePath).removingLastComponent()
        .removingLastComponent().appending("Fixtures").appending("oracle")
        .appending("efficientnet-lite-pad-f32")

    private static func vision(_ folder: FilePath) throws -> VisionConfiguration {
        try VisionConfiguration(
            tower: try ConfigurationFile(folder.appending("vision_tower").appending("config.json")),
            selection: .configured(try ConfigurationFile(folder.appending("config.json"))))
    }

    @Test func everyStageBecomesItsBlocks() throws {
        let vision = try Self.vision(Self.original)
        guard case .efficientNetLite(let shape) = vision else {
            Issue.record("\(vision) is another kind")
            return
        }
        #expect(shape.blocks.map(\.inputs) == [8, 6, 10, 10, 20])
        #expect(shape.blocks.map(\.wide) == [8, 36, 60, 30, 60])
        #expect(shape.blocks.map(\.edge) == [23, 23, 12, 12, 6])
        #expect(shape.blocks.map(\.adds) == [false, false, true, false, true])
        #expect(vision.grid == 6 && vision.width == 16 && vision.layers == 5)
        #expect(!vision.keepsClassToken)
    }

    @Test func multiplyAddsAreThoseOfEveryLayer() throws {
        let vision = try Self.vision(Self.original)
        let stem = 529 * 27 * 8
        let first = 529 * (9 * 8 + 8 * 6)
        let second = 529 * 6 * 36 + 144 * (25 * 36 + 36 * 10)
        let third = 144 * (10 * 60 + 25 * 60 + 60 * 10)
        let fourth = 144 * 10 * 30 + 36 * (9 * 30 + 30 * 20)
        let fifth = 36 * (20 * 60 + 9 * 60 + 60 * 20)
        let end = 36 * 40 * (20 + 16)
        #expect(vision.multiplyAdds == Double(stem + first + second + third + fourth + fifth + end))
    }

    /// A key of the tower's `config.json` with a value that cannot be used.
    static let faults: [(key: String, value: (any Sendable)?)] = [
        ("hidden_size", nil), ("hidden_size", 0), ("out_channels", nil),
        ("out_channels", [6, 0, 20]),
        ("out_channels", [6, 10]), ("in_channels", [8, 6, 11]), ("kernel_sizes", [3, 5]),
        ("kernel_sizes", [3, 99, 3]), ("strides", [1, 0, 2]), ("expand_ratios", [1, 6, 6, 6]),
        ("num_block_repeats", [1, 2, 1_000_000]), ("image_size", 4), ("stem_channels", 16),
        ("num_channels", 1), ("layer_norm_eps", -1), ("pooling", "max"), ("model_type", "resnet"),
    ]

    @Test(arguments: faults.indices)
    func aFaultIsNamedByItsKey(_ index: Int) throws {
        let (key, value) = Self.faults[index]
        let error = try fault { $0[key] = value }
        // Channels have to suit those of the stage before.
        let others = ["stem_channels": "in_channels"]
        let named = error.contains("'\(key)'") || others[key].map(error.contains) ?? false
        let stages = key == "out_channels" && error.contains("'kernel_sizes'")
        #expect(named || stages, "\(error)")
    }

    @Test func aTowerThatMemoryDoesNotHoldIsRefused() throws {
        let error = try fault {
            $0["image_size"] = 2048
            $0["expand_ratios"] = [32, 32, 32]
            $0["stem_channels"] = 4096
            $0["in_channels"] = [4096, 6, 10]
        }
        #expect(error.contains("too large"))
    }

    @Test func aClassTokenIsRefused() throws {
        let copy = try folder()
        try Self.set(
            ["mm_vision_select_feature": "cls_patch"], in: copy.path.appending("config.json"))
        let error = #expect(throws: ModelError.self) { try Self.vision(copy.path) }
        #expect(try #require(error).description.contains("'mm_vision_select_feature'"))
    }

    /// What is said of a changed tower.
    private func fault(_ change: (inout [String: Any]) -> Void) throws -> String {
        let copy = try folder()
        let file = copy.path.appending("vision_tower").appending("config.json")
        var values = try Self.values(file)
        change(&values)
        try JSONSerialization.data(withJSONObject: values).write(to: URL(filePath: file.string))
        let error = #expect(throws: ModelError.self) { try Self.vision(copy.path) }
        return try #require(error).description
    }

    private func folder() throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory()
        for file in ["config.json", "vision_tower"] {
            try FileManager.default.copyItem(
                atPath: Self.original.appending(file).string,
                toPath: copy.path.appending(file).string)
        }
        return copy
    }

    private static func set(_ changes: [String: Any], in file: FilePath) throws {
        let values = try values(file).merging(changes) { $1 }
        try JSONSerialization.data(withJSONObject: values).write(to: URL(filePath: file.string))
    }

    private static func values(_ file: FilePath) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(filePath: file.string))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
}
