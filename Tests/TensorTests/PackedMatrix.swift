import Foundation
import TestSupport

@testable import Tensor

/// A matrix packed in memory, and what its bytes stand for.
struct PackedMatrix {
    let bytes: [UInt8]
    let unpacked: [Float]
}

extension Matrix {
    func packed(as format: PackedFormat) -> PackedMatrix {
        let shape = PackedShape(format: format, outputs: rows, inputs: columns)
        var bytes = [UInt8](repeating: 0xAA, count: shape.byteCount)
        values.withUnsafeBufferPointer { source in
            bytes.withUnsafeMutableBytes {
                WeightPacking.pack(
                    rows: source, rowCount: rows, inputs: columns, format: format, into: $0)
            }
        }
        let unpacked = bytes.withUnsafeBytes {
            WeightPacking.unpack(
                panels: $0, rowCount: rows, inputs: columns, format: format)
        }
        return PackedMatrix(bytes: bytes, unpacked: unpacked)
    }

    /// Normally distributed numbers, by Box and Muller's transform.
    static func normal(
        _ rows: Int, _ columns: Int, deviation: Double, using generator: inout SeededGenerator
    ) -> Matrix {
        let values = (0..<rows * columns).map { _ in
            let radius = (-2 * log(Double.random(in: 1e-12..<1, using: &generator))).squareRoot()
            let angle = Double.random(in: 0..<2 * Double.pi, using: &generator)
            return Float(deviation * radius * cos(angle))
        }
        return Matrix(rows: rows, columns: columns, values: values)
    }
}

extension Weights {
    /// A matrix [outputs, inputs] packed in memory.
    init(packing weights: Matrix, as format: PackedFormat) throws {
        let bytes = weights.packed(as: format).bytes
        let shape = PackedShape(format: format, outputs: weights.rows, inputs: weights.columns)
        self.init(
            elementType: .uint8, shape: shape.stored,
            file: try MappedFile(anonymousBytes: bytes.count) { $0.copyBytes(from: bytes) },
            range: 0..<bytes.count)
    }
}

extension Linear {
    /// A layer whose weight [outputs, inputs] is packed in memory.
    init(packing weights: Matrix, as format: PackedFormat, bias: Weights? = nil) throws {
        self.init(
            packed: try Weights(packing: weights, as: format), format: format,
            outputs: weights.rows, inputs: weights.columns, bias: bias)
    }
}
