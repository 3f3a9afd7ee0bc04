import ModelLoading
import Tensor

/// The shape of an EfficientNet-Lite tower, from its `config.json`.
///
/// Keys are named as in Hugging Face's EfficientNet, but the lists hold what a stage has, and not what
/// a wider or deeper variant makes of it.
public struct EfficientNetConfiguration: VisionShape {
    /// `model_type` of such towers.
    static let modelType = "efficientnet_lite"

    /// What a block is made of.
    public struct Block: Equatable, Sendable {
        /// Channels that come in.
        public let inputs: Int
        /// Channels that leave.
        public let outputs: Int
        /// Channels between: the first layer is left out where they are as many as come in.
        public let wide: Int
        /// Edge of the kernel.
        public let kernel: Int
        /// Places from one kernel to the next.
        public let stride: Int
        /// Places along an edge of what comes in.
        public let edge: Int

        /// Whether what came in is added to what leaves.
        var adds: Bool { stride == 1 && inputs == outputs }
        /// Places along an edge of what leaves.
        var out: Int { SamePadding(edge: edge, kernel: kernel, stride: stride).out }
    }

    /// `hidden_size`.
    public let width: Int
    /// `image_size`.
    public let imageSize: Int
    /// Places along an edge of what the last block leaves.
    public let grid: Int
    /// `stem_channels`: of the first convolution, 3 × 3 with stride 2.
    public let stem: Int
    /// `hidden_dim`: channels of the last convolution.
    public let head: Int
    /// In order.
    public let blocks: [Block]
    /// `layer_norm_eps`.
    public let epsilon: Float

    /// `pooling`: what the whole picture's features are made of.
    public enum Pooling: String, CaseIterable, Sendable {
        /// The mean over the places of what the last convolution leaves.
        case mean
        /// The same, and behind it the largest values: a mean hardly knows of what is small.
        case meanAndLargest = "mean_max"
    }

    /// How the whole picture's features are made.
    public let pooling: Pooling

    /// Numbers in a picture's pooled features.
    public var pooledWidth: Int { pooling == .mean ? head : 2 * head }
    /// The means among them.
    public var meanWidth: Int { head }
    /// Blocks.
    public var layers: Int { blocks.count }
    /// All of them.
    public var usedLayers: Int { blocks.count }
    /// There is none.
    public var keepsClassToken: Bool { false }

    /// The first convolution's kernel and stride.
    static let (stemKernel, stemStride) = (3, 2)
    /// Numbers between two layers that memory allows: 256 MiB.
    private static let mostNumbers = 1 << 26
    private static let mostBlocks = 256

    /// Reads the shape.
    ///
    /// - Throws: `ModelError` naming file and key.
    init(tower file: ConfigurationFile, selection: FeatureSelection) throws(ModelError) {
        width = try file.integer("hidden_size", in: 1...65_536)
        imageSize = try file.integer("image_size", in: 8...2048, default: 224)
        stem = try file.integer("stem_channels", in: 1...4096, default: 32)
        head = try file.integer("hidden_dim", in: 1...65_536, default: 1280)
        epsilon = Float(try file.number("layer_norm_eps", in: 0...1, default: 1e-5))
        _ = try file.integer("num_channels", in: 3...3, default: 3)
        pooling = try Self.pooling(file)
        blocks = try Self.blocks(file, stem: stem, imageSize: imageSize)
        grid = blocks.last?.out ?? 0
        try selection.refuseClassToken()
    }

    private static func pooling(_ file: ConfigurationFile) throws(ModelError) -> Pooling {
        let name = try file.text("pooling", default: Pooling.mean.rawValue)
        guard let pooling = Pooling(rawValue: name) else {
            let known = Pooling.allCases.map { "'\($0.rawValue)'" }.joined(separator: " and ")
            throw file.wrong("pooling", "is '\(name.prefix(60))'; \(known) are known")
        }
        return pooling
    }

    /// A number for each stage under every key, to the blocks of all stages.
    private static func blocks(
        _ file: ConfigurationFile, stem: Int, imageSize: Int
    ) throws(ModelError) -> [Block] {
        let outputs = try file.integers("out_channels", in: 1...4096)
        guard !outputs.isEmpty else { throw file.wrong("out_channels", "is missing") }
        let stages = outputs.count
        let kernels = try list(file, "kernel_sizes", in: 1...15, count: stages)
        let strides = try list(file, "strides", in: 1...4, count: stages)
        let ratios = try list(file, "expand_ratios", in: 1...32, count: stages)
        let repeats = try list(file, "num_block_repeats", in: 1...64, count: stages)
        let inputs = try list(file, "in_channels", in: 1...4096, count: stages)
        guard inputs == [stem] + Array(outputs.dropLast()) else {
            throw file.wrong(
                "in_channels", "is \(inputs); a stage takes what the one before it leaves")
        }
        var (blocks, edge): ([Block], Int) = (
            [], SamePadding(edge: imageSize, kernel: stemKernel, stride: stemStride).out
        )
        for stage in 0..<stages {
            for number in 0..<repeats[stage] {
                let channels = number == 0 ? inputs[stage] : outputs[stage]
                let block = Block(
                    inputs: channels, outputs: outputs[stage], wide: channels * ratios[stage],
                    kernel: kernels[stage], stride: number == 0 ? strides[stage] : 1, edge: edge)
                guard block.wide * edge * edge <= mostNumbers, blocks.count < mostBlocks else {
                    throw file.wrong(
                        "expand_ratios", "and 'image_size' make a tower that is too large")
                }
                blocks.append(block)
                edge = block.out
            }
        }
        return blocks
    }

    private static func list(
        _ file: ConfigurationFile, _ key: String, in range: ClosedRange<Int>, count: Int
    ) throws(ModelError) -> [Int] {
        let numbers = try file.integers(key, in: range)
        guard numbers.count == count else {
            throw file.wrong(
                key, "has \(numbers.count) numbers and 'out_channels' \(count): one for each stage")
        }
        return numbers
    }

    /// Of all layers, for one picture.
    var multiplyAdds: Double {
        let stemEdge = blocks.first?.edge ?? 0
        let begin = stemEdge * stemEdge * 3 * Self.stemKernel * Self.stemKernel * stem
        let end = grid * grid * head * ((blocks.last?.outputs ?? 0) + width)
        return blocks.reduce(Double(begin + end)) { sum, block in
            let before = block.wide == block.inputs ? 0 : block.inputs * block.wide
            let after = block.kernel * block.kernel * block.wide + block.wide * block.outputs
            return sum + Double(block.edge * block.edge * before)
                + Double(block.out * block.out * after)
        }
    }
}
