import Checkpoint
import FileSystem
public import LLaVAMini
public import SystemPackage
import Tensor

/// Turns a checkpoint of 16 or 32 bits a weight into one of 8 or 4, in little memory.
///
/// The result appears in its place only when it is complete and has been read back; until then it
/// stands in a hidden folder beside it. All calls block and compute: make them from a thread of your
/// own.
public struct ModelConversion {
    /// The checkpoint to convert.
    public let source: FilePath
    /// The folder to make.
    public let target: FilePath
    /// Bits that each weight of the language model gets.
    public let bits: WeightBits
    /// Whether tensors that nothing needs are left out instead of refused.
    public var ignoresUnexpected = false

    /// What is being done, and how much of it.
    public enum Step: Equatable, Sendable {
        /// Weights are packed and written; bytes of the source.
        case converting(done: Int, total: Int)
        /// The result is read back and compared; bytes of the result.
        case verifying(done: Int, total: Int)
    }

    /// Describes a conversion.
    public init(from source: FilePath, to target: FilePath, bits: WeightBits) {
        self.source = source
        self.target = target
        self.bits = bits
    }

    /// Converts.
    ///
    /// - Parameter progress: Called often, on the calling thread.
    /// - Returns: what was done.
    /// - Throws: `ModelError`, `CheckpointError` or `ConversionError`; nothing is left then.
    public func run(progress: (Step) -> Void) throws -> ConversionSummary {
        let start = ContinuousClock.now
        let source = try ConversionSource(self.source, ignoresUnexpected: ignoresUnexpected)
        let companions = CompanionFiles(source, bits: bits)
        try companions.check()
        let work = try WorkFolder(for: target)
        do {
            let files = ConvertedWeights(source, bits: bits, in: work.path)
            let byteCount = try files.byteCount()
            try DiskSpace.check(byteCount + companions.byteCount, at: work.path)
            try companions.write(to: work.path)
            let record = try files.write {
                progress(.converting(done: $0, total: source.byteCount))
            } verifying: {
                progress(.verifying(done: $0, total: byteCount))
            }
            try companions.writeConfiguration(to: work.path)
            try checkConfiguration(in: work.path, against: source.configuration)
            try work.finish()
            return ConversionSummary(
                bytesBefore: source.byteCount, bytesAfter: byteCount,
                packedTensors: record.packedTensors, duration: ContinuousClock.now - start,
                largestError: Double(record.deviation.largest),
                relativeError: record.deviation.relative)
        } catch {
            work.discard()
            throw error
        }
    }

    /// Reads the result's configuration as a program will, and holds it against the source's.
    private func checkConfiguration(
        in folder: FilePath, against original: ModelConfiguration
    ) throws {
        let found = try ModelConfiguration(folder: folder)
        guard found.requiredTensors == original.requiredTensors,
            found.language == original.language, found.vision == original.vision,
            found.processor == original.processor, found.endTokens == original.endTokens
        else {
            throw ConversionError(
                folder, "has a configuration that is not the source's", advice: "Report it.")
        }
    }
}
