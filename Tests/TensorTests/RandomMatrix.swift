import Foundation
import SystemPackage
import TestSupport

@testable import Tensor

extension Matrix {
    /// Numbers from −1 to 1, the same on every run.
    static func random(
        _ rows: Int, _ columns: Int, using generator: inout SeededGenerator
    ) -> Matrix {
        Matrix(
            rows: rows, columns: columns,
            values: (0..<rows * columns).map { _ in Float.random(in: -1...1, using: &generator) })
    }

    /// The Euclidean norm of all numbers.
    var norm: Double { values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }

    /// The largest difference between numbers in the same place.
    func distance(to other: [Double]) -> Double {
        zip(values, other).map { abs(Double($0) - $1) }.max() ?? 0
    }
}

/// How far a sum of `depth` products of such numbers may be off in single precision.
func roundingBound(depth: Int, magnitude: Double) -> Double {
    Double(depth).squareRoot() * 4 * Double(Float.ulpOfOne) * max(magnitude, 1)
}

extension Weights {
    /// A tensor in a file of its own, after so many bytes of something else.
    static func stored(
        _ values: [Float], shape: [Int], as type: ElementType, in folder: TemporaryDirectory,
        offset: Int = 0
    ) throws -> Weights {
        var bytes = [UInt8](repeating: 0xAA, count: offset)
        for value in values {
            switch type {
            case .float32: withUnsafeBytes(of: value.bitPattern) { bytes += $0 }
            case .float16: withUnsafeBytes(of: Float16(value).bitPattern) { bytes += $0 }
            case .bfloat16:
                withUnsafeBytes(of: UInt16(value.bitPattern >> 16)) { bytes += $0 }
            case .uint8: bytes.append(UInt8(clamping: Int(value)))
            }
        }
        let path = folder.path.appending("\(UUID().uuidString).bin")
        try Data(bytes).write(to: URL(filePath: path.string))
        return Weights(
            elementType: type, shape: shape, file: try MappedFile(path),
            range: offset..<bytes.count)
    }
}

/// `x Wᵀ + b` in double precision.
func slowProduct(_ x: Matrix, _ weight: [Float], _ bias: [Float]) -> [Double] {
    (0..<x.rows).flatMap { row in
        bias.indices.map { output in
            (0..<x.columns).reduce(Double(bias[output])) {
                $0 + Double(x[row, $1]) * Double(weight[output * x.columns + $1])
            }
        }
    }
}
