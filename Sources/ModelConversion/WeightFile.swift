import Checkpoint
import LLaVAMini
import SystemPackage
import Tensor

/// A `model.safetensors` of a converted checkpoint: written in one pass, then read back.
struct WeightFile {
    /// A tensor of the file, and what it is made of.
    private struct Part {
        let name: String
        let elementType: ElementType
        let shape: [Int]
        let source: Weights
        let format: PackedFormat?

        init(_ entry: ConversionSource.Entry, _ bits: WeightBits) {
            source = entry.weights
            format = bits.format(of: entry.tensor)
            guard let format else {
                (name, elementType) = (entry.tensor.name, source.elementType)
                shape = source.shape
                return
            }
            name = "\(entry.tensor.name).\(format.rawValue)"
            elementType = .uint8
            shape = MatrixPacking(name, source, format).shape.stored
        }
    }

    /// What was written: its check sums, slice by slice, and how far it is from the source.
    struct Record {
        fileprivate(set) var digests: [String: [SliceDigest]] = [:]
        fileprivate(set) var deviation = Deviation()
        fileprivate(set) var packedTensors = 0

        /// Takes in what was written to another file.
        mutating func merge(_ other: Record) {
            deviation.merge(other.deviation)
            packedTensors += other.packedTensors
        }
    }

    /// Where packed panels begin is a multiple of this, as vector loads like it.
    private static let panelAlignment = 64
    private static let copiedAtOnce = 8 << 20

    private let parts: [Part]

    /// Plans a file for some tensors of a source.
    init(_ entries: [ConversionSource.Entry], bits: WeightBits) {
        parts = entries.map { Part($0, bits) }
    }

    /// Whether there is nothing to write.
    var isEmpty: Bool { parts.isEmpty }

    /// How large the file will be.
    ///
    /// - Throws: `CheckpointError`.
    func byteCount(for path: FilePath) throws(CheckpointError) -> Int {
        try SafetensorsWriter.byteCount(
            parts.map { tensor($0) { _, _ in } }, metadata: Self.metadata, for: path)
    }

    private static let metadata = ["format": "pt"]

    /// Writes the file.
    ///
    /// - Parameters:
    ///   - path: Where to.
    ///   - progress: Called with the bytes of the source that have been passed over.
    /// - Returns: what was written.
    /// - Throws: `ConversionError` or `CheckpointError`; nothing is left then.
    func write(to path: FilePath, progress: (Int) -> Void) throws -> Record {
        var record = Record()
        var failure: (any Error)?
        do {
            try withoutActuallyEscaping(progress) { progress in
                var done = 0
                let tensors = parts.map { part in
                    tensor(part) { part, sink in
                        do {
                            try Self.produce(part, into: &record, sink) { bytes in
                                done += bytes
                                progress(done)
                            }
                        } catch {
                            failure = error
                            throw error
                        }
                    }
                }
                try SafetensorsWriter.write(tensors, metadata: Self.metadata, to: path)
            }
        } catch {
            // What is wrong with the source is no failure of writing.
            throw failure as? ConversionError ?? error
        }
        return record
    }

    private func tensor(
        _ part: Part,
        _ produce: @escaping (Part, (UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) -> SafetensorsWriter.Tensor {
        SafetensorsWriter.Tensor(
            name: part.name, elementType: part.elementType, shape: part.shape,
            alignment: part.format == nil ? nil : Self.panelAlignment
        ) { sink in try produce(part, sink) }
    }

    private static func produce(
        _ part: Part, into record: inout Record,
        _ sink: (UnsafeRawBufferPointer) throws -> Void, progress: (Int) -> Void
    ) throws {
        var digests: [SliceDigest] = []
        if let format = part.format {
            var deviation = Deviation()
            let packing = MatrixPacking(part.name, part.source, format)
            try packing.run { slice in
                try slice.bytes.withUnsafeBytes(sink)
                digests.append(slice.digest)
                deviation.merge(slice.deviation)
                progress(part.source.range.count * slice.panels.count / packing.shape.panels)
            }
            record.deviation.merge(deviation)
            record.packedTensors += 1
        } else {
            for start in stride(from: 0, to: part.source.range.count, by: copiedAtOnce) {
                let piece = start..<min(start + copiedAtOnce, part.source.range.count)
                try withExtendedLifetime(part.source.file) {
                    let bytes = UnsafeRawBufferPointer(rebasing: part.source.bytes[piece])
                    try sink(bytes)
                    digests.append(SliceDigest(bytes))
                }
                part.source.discardPages(piece)
                progress(piece.count)
            }
        }
        record.digests[part.name] = digests
    }

    /// Reads the file from the disk and holds it against what was written.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - record: What `write` returned.
    ///   - progress: Called with the bytes that have been compared.
    /// - Throws: `ConversionError` or `CheckpointError` where anything differs.
    func verify(_ path: FilePath, against record: Record, progress: (Int) -> Void) throws {
        try PageCache.drop(path)
        let file = try SafetensorsFile(path)
        guard file.weights.count == parts.count, file.unusable.isEmpty else {
            throw Self.difference(
                path, "\(file.weights.count) tensors were read back of \(parts.count)")
        }
        var done = 0
        for part in parts {
            guard let weights = file.weights[part.name], weights.shape == part.shape,
                weights.elementType == part.elementType
            else { throw Self.difference(path, "'\(part.name)' was read back otherwise") }
            var start = 0
            for digest in record.digests[part.name] ?? [] {
                let piece = start..<min(start + digest.byteCount, weights.range.count)
                let found = withExtendedLifetime(file) {
                    SliceDigest(UnsafeRawBufferPointer(rebasing: weights.bytes[piece]))
                }
                guard found == digest else {
                    throw Self.difference(path, "'\(part.name)' differs at its byte \(start)")
                }
                weights.discardPages(piece)
                start = piece.upperBound
                done += piece.count
                progress(done)
            }
            guard start == weights.range.count else {
                throw Self.difference(path, "'\(part.name)' was read back with another length")
            }
        }
    }

    private static func difference(_ path: FilePath, _ what: String) -> ConversionError {
        ConversionError(
            path, "is not what was written: \(what)",
            advice: "The disk, the memory or its driver loses data; check them before trying again."
        )
    }
}
