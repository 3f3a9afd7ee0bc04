import Checkpoint
import JSONScanning
import LLaVAMini
import SystemPackage
import Tensor

/// How most of a model's weights are stored.
struct WeightFormat {
    /// Bits a weight.
    let bits: Int
    /// `BF16`, or `4 bits in groups`.
    let name: String

    /// Looks into `config.json` for what a conversion noted, then at the tensors themselves; nil
    /// where neither can be read.
    init?(folder: FilePath) {
        if let bits = Self.quantizedBits(folder) {
            (self.bits, name) = (bits, "\(bits) bits in groups")
            return
        }
        guard let checkpoint = try? CheckpointFolder(folder) else { return nil }
        var bytes: [ElementType: Int] = [:]
        for weights in checkpoint.names.compactMap({ checkpoint[$0] }) {
            bytes[weights.elementType, default: 0] += weights.range.count
        }
        guard let most = bytes.max(by: { $0.value < $1.value })?.key else { return nil }
        (bits, name) = (most.byteCount * 8, most.rawValue)
    }

    /// How the weights lie in memory.
    var inMemory: SyntheticBits { SyntheticBits(rawValue: bits) ?? .single }

    private static func quantizedBits(_ folder: FilePath) -> Int? {
        guard let file = try? MappedFile(folder.appending("config.json")) else { return nil }
        return withExtendedLifetime(file) {
            var scanner = JSONScanner(file.bytes)
            return (try? scanner.value())?["vignette_quantization"]?["bits"]?.integer
        }
    }
}
