import Foundation
import Tensor

/// How fast packed weights are multiplied with few and with many rows, apart from any model.
///
///     VIGNETTE_BENCHMARKS=1 swift run -c release kernel-benchmark 4 4096 131072
///
/// Bits, inputs and outputs of the matrix; it should be several times what the processor's caches
/// hold. Of each number of rows the best of five runs counts. Nothing else may run meanwhile.
@main struct KernelBenchmark {
    private static let rowCounts = [1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 32, 64, 256]
    private static let runs = 5
    private static let formats: [String: PackedFormat] = ["4": .q4, "8": .q8, "16": .q16]

    static func main() throws {
        let words = CommandLine.arguments.dropFirst()
        let numbers = words.dropFirst().compactMap { Int($0) }
        guard let format = words.first.flatMap({ formats[$0] }), numbers.count == 2,
            let inputs = numbers.first, let outputs = numbers.last, inputs > 0, outputs > 0
        else {
            print("usage: kernel-benchmark 4|8|16 INPUTS OUTPUTS")
            exit(2)
        }
        let shape = PackedShape(format: format, outputs: outputs, inputs: inputs)
        let layer = try layer(shape, format: format, outputs: outputs, inputs: inputs)
        print("\(shape.byteCount / 1_000_000) MB, \(ComputeThreads.count) threads")
        for rows in rowCounts {
            let seconds = best(layer, rows: rows)
            let bandwidth = Double(shape.byteCount) / seconds / 1e9
            let rate = 2 * Double(rows) * Double(inputs) * Double(outputs) / seconds / 1e9
            print(String(format: "%4d rows  %6.1f GB/s  %6.0f GOP/s", rows, bandwidth, rate))
        }
    }

    /// A layer whose panels all hold the same made-up numbers.
    private static func layer(
        _ shape: PackedShape, format: PackedFormat, outputs: Int, inputs: Int
    ) throws -> Linear {
        let count = PackedShape.panelOutputs * inputs
        let numbers = (0..<count).map { _ in Float.random(in: -1...1) }
        let file = try MappedFile(anonymousBytes: shape.byteCount) { memory in
            let panel = UnsafeMutableRawBufferPointer(rebasing: memory[..<shape.bytesPerPanel])
            numbers.withUnsafeBufferPointer {
                WeightPacking.pack(
                    rows: $0, rowCount: PackedShape.panelOutputs, inputs: inputs, format: format,
                    into: panel)
            }
            for start in stride(from: panel.count, to: shape.byteCount, by: panel.count) {
                memory[start..<start + panel.count].copyBytes(from: panel)
            }
        }
        let weights = Weights(
            elementType: .uint8, shape: shape.stored, file: file, range: 0..<shape.byteCount)
        return Linear(packed: weights, format: format, outputs: outputs, inputs: inputs)
    }

    /// Seconds of the quickest run.
    private static func best(_ layer: Linear, rows: Int) -> Double {
        let count = rows * layer.inputs
        let x = Matrix(
            rows: rows, columns: layer.inputs,
            values: (0..<count).map { _ in Float.random(in: -1...1) })
        var best = Double.infinity
        for _ in 0..<runs {
            let start = ContinuousClock.now
            _ = layer(x)
            best = min(best, (ContinuousClock.now - start) / .seconds(1))
        }
        return best
    }
}
