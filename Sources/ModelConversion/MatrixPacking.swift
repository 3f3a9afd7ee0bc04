import Checkpoint
import Synchronization
import SystemPackage
import Tensor

/// Packs a weight matrix slice by slice, on all threads, and compares each slice with what it was.
struct MatrixPacking {
    let name: String
    let source: Weights
    let format: PackedFormat
    let shape: PackedShape
    private let numbersInSlice: Int

    /// Slices a thread that are in memory before they are written.
    private static let slicesAThread = 2

    /// Plans the packing of a matrix [outputs, inputs].
    ///
    /// - Parameters:
    ///   - name: Its name, for messages.
    ///   - source: The matrix.
    ///   - format: How to pack it.
    ///   - numbersInSlice: Numbers that a slice has, unless a single panel has more.
    init(
        _ name: String, _ source: Weights, _ format: PackedFormat, numbersInSlice: Int = 1 << 20
    ) {
        self.name = name
        self.numbersInSlice = numbersInSlice
        self.source = source
        self.format = format
        shape = PackedShape(format: format, outputs: source.shape[0], inputs: source.shape[1])
    }

    /// A packed slice, and how far it is from the numbers it was made of.
    struct Slice: Sendable {
        let panels: Range<Int>
        let bytes: [UInt8]
        let digest: SliceDigest
        let deviation: Deviation
    }

    /// Makes all slices and hands them over in their order.
    ///
    /// - Throws: what `receive` throws; `ConversionError` where the packed numbers are further from
    ///   the original ones than the format allows.
    func run(_ receive: (Slice) throws -> Void) throws {
        let step = max(1, numbersInSlice / (PackedShape.panelOutputs * inputs))
        let atOnce = step * Self.slicesAThread * ComputePool.shared.threads
        for first in stride(from: 0, to: shape.panels, by: atOnce) {
            let wave = first..<min(first + atOnce, shape.panels)
            for slice in pack(wave, step: step) {
                try check(slice.deviation)
                try receive(slice)
            }
        }
    }

    private var outputs: Int { source.shape[0] }
    private var inputs: Int { source.shape[1] }

    private func pack(_ wave: Range<Int>, step: Int) -> [Slice] {
        let starts = Array(stride(from: wave.lowerBound, to: wave.upperBound, by: step))
        let finished = Mutex<[Slice]>([])
        ComputePool.shared.parallel(count: starts.count) { index in
            let slice = pack(starts[index]..<min(starts[index] + step, wave.upperBound))
            finished.withLock { $0.append(slice) }
        }
        return finished.withLock { $0.sorted { $0.panels.lowerBound < $1.panels.lowerBound } }
    }

    private func pack(_ panels: Range<Int>) -> Slice {
        let first = panels.lowerBound * PackedShape.panelOutputs
        let rows = source.rows(first..<min(panels.upperBound * PackedShape.panelOutputs, outputs))
        let rowCount = rows.shape[0]
        let numbers = rows.floats
        rows.discardPages()
        let byteCount = panels.count * shape.bytesPerPanel
        let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { target, written in
            numbers.withUnsafeBufferPointer {
                WeightPacking.pack(
                    rows: $0, rowCount: rowCount, inputs: inputs, format: format,
                    into: UnsafeMutableRawBufferPointer(target))
            }
            written = byteCount
        }
        return bytes.withUnsafeBytes { packed in
            let restored = WeightPacking.unpack(
                panels: packed, rowCount: rowCount, inputs: inputs, format: format)
            return Slice(
                panels: panels, bytes: bytes, digest: SliceDigest(packed),
                deviation: Deviation(of: restored, from: numbers, inputs: inputs))
        }
    }

    private func check(_ deviation: Deviation) throws(ConversionError) {
        guard deviation.isFinite else {
            throw ConversionError(
                source.file.path, "has values in '\(name)' that are no numbers or infinite",
                advice: "The checkpoint is damaged: download or copy it again.")
        }
        guard deviation.largestOfBlocks <= format.errorBound else {
            throw ConversionError(
                source.file.path,
                "has weights in '\(name)' that \(format.rawValue) cannot stand for: "
                    + "\(deviation.largestOfBlocks) off where \(format.errorBound) is the limit",
                advice: "Convert to 8 bits, and report it.")
        }
    }
}
