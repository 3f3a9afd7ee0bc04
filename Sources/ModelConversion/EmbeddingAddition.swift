import Checkpoint
import FileSystem
import Foundation
import Glibc
import LLaVAMini
public import SystemPackage
import Tensor

/// Adds what embeddings take to a model that was packed without it.
///
/// Nothing of the model is written anew: its vision tower's folder gets one file of weights and the
/// text tower's tokenizer. The weights come last, under their name only when they have been read back,
/// so that the model is complete with them and as before without.
public struct EmbeddingAddition {
    /// The packed model.
    public let model: FilePath
    /// The folder of the CLIP that its vision tower is a part of.
    public let clip: FilePath

    /// Describes an addition.
    public init(to model: FilePath, from clip: FilePath) {
        (self.model, self.clip) = (model, clip)
    }

    private static let largestFile = 64 << 20

    /// Adds.
    ///
    /// - Parameter progress: Called often, on the calling thread.
    /// - Returns: the bytes of the file that was added.
    /// - Throws: `ModelError`, `CheckpointError` or `ConversionError`; the model is as before then.
    public func run(progress: (ModelConversion.Step) -> Void) throws -> Int {
        let tower = model.appending(CompanionFiles.towerFolder)
        let path = tower.appending("model.safetensors")
        let bits = try Self.bits(ofModelWithout: model)
        let lock = try locked(tower)
        defer { try? lock.close() }
        _ = try Self.bits(ofModelWithout: model)
        let found = try EmbeddingTensors(in: clip, for: model)
        let own = try CheckpointFolder(clip)
        let entries = found.tensors.compactMap { tensor in
            own[tensor.name].map { ConversionSource.Entry(tensor: tensor, weights: $0) }
        }
        let weights = WeightFile(entries, bits: bits)
        let size = try weights.byteCount(for: path)
        try DiskSpace.check(size + Self.largestFile, at: tower)
        try copyTokenizer(to: tower)
        try write(weights, to: path, sourceBytes: entries.reduce(0) { $0 + $1.weights.range.count })
        {
            progress($0)
        }
        return size
    }

    /// Makes sure that a model is one to which something can be added, before it is fetched.
    ///
    /// - Throws: `ModelError` or `ConversionError` where it is not.
    public static func check(_ model: FilePath) throws { _ = try bits(ofModelWithout: model) }

    private static func bits(ofModelWithout model: FilePath) throws -> WeightBits {
        guard let bits = try ModelConfiguration(folder: model).packedBits else {
            throw ConversionError(
                model, "is no packed model: it has what its vision tower's folder holds",
                advice: "Put the whole CLIP into that folder, or leave it.")
        }
        let tower = model.appending(CompanionFiles.towerFolder)
        guard !CheckpointFolder.isPresent(in: tower) else {
            throw ConversionError(
                tower.appending("model.safetensors"), "is there already",
                advice: "See 'vignette model info'.")
        }
        return WeightBits(rawValue: bits) ?? .eight
    }

    /// Writes under a name that nothing looks for until the file has been read back.
    private func write(
        _ weights: WeightFile, to path: FilePath, sourceBytes: Int,
        progress: (ModelConversion.Step) -> Void
    ) throws {
        let new = path.removingLastComponent().appending(".model.safetensors.new")
        let size = try weights.byteCount(for: path)
        let record = try weights.write(to: new) {
            progress(.converting(done: $0, total: sourceBytes))
        }
        do {
            try weights.verify(new, against: record) {
                progress(.verifying(done: $0, total: size))
            }
            guard rename(new.string, path.string) == 0 else { throw Errno(rawValue: errno) }
            try WorkFolder.synchronise(path.removingLastComponent())
        } catch {
            _ = unlink(new.string)
            throw (error as? Errno).map { ConversionError.writing(path, $0) } ?? error
        }
    }

    private func copyTokenizer(to tower: FilePath) throws(ConversionError) {
        for name in CompanionFiles.towerTokenizerNames {
            let source = clip.appending(name)
            guard FileManager.default.fileExists(atPath: source.string) else { continue }
            let target = tower.appending(name)
            do {
                let bytes = try BoundedFile.contents(at: source, limit: Self.largestFile)
                try Data(bytes).write(to: URL(filePath: target.string), options: .atomic)
            } catch {
                throw .writing(target, error)
            }
        }
    }

    /// Keeps a second addition out.
    private func locked(_ tower: FilePath) throws(ConversionError) -> FileDescriptor {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(
                tower, .readOnly, options: [.directory, .closeOnExec])
        } catch {
            throw .writing(tower, error)
        }
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            try? descriptor.close()
            throw ConversionError(
                tower, "is being worked in by another program", advice: "Wait for its end.")
        }
        return descriptor
    }
}
