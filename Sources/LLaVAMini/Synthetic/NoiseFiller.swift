import Foundation
import Tensor

/// Fills memory with made-up tensors, the same on every run.
struct NoiseFiller {
    /// Normally distributed numbers with deviation 1.
    private let noise: [Float]
    /// Packed panels by what they are panels of.
    private var panels: [PanelKind: [UInt8]] = [:]

    private struct PanelKind: Hashable {
        let format: PackedFormat
        let inputs: Int
    }

    /// Odd, so that rows of no usual length repeat each other.
    private static let noiseCount = 65_537
    /// Different panels of a matrix.
    private static let panelVariety = 8

    init() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        noise = (0..<Self.noiseCount).map { _ in Self.normal(&state) }
    }

    /// Writes a tensor's bytes.
    ///
    /// - Precondition: the memory has the tensor's size.
    mutating func fill(_ memory: UnsafeMutableRawBufferPointer, as tensor: SyntheticTensor) {
        precondition(memory.count == tensor.byteCount)
        switch tensor.filling {
        case .ones: Self.repeat(Self.bytes([1], tensor.elementType), over: memory)
        case .noise(let deviation):
            let scaled = noise.map { $0 * deviation }
            Self.repeat(Self.bytes(scaled, tensor.elementType), over: memory)
        case .rows(let inputs):
            Self.repeat(Self.bytes(sampleRows(inputs: inputs), .float32), over: memory)
        case .panels(let format, _, let inputs):
            let panels = samplePanels(PanelKind(format: format, inputs: inputs))
            Self.repeat(panels, over: memory)
        }
    }

    /// A few packed panels of such a matrix.
    private mutating func samplePanels(_ kind: PanelKind) -> [UInt8] {
        if let made = panels[kind] { return made }
        let rows = Self.panelVariety * PackedShape.panelOutputs
        let numbers = sampleRows(inputs: kind.inputs)
        let size = PackedShape(format: kind.format, outputs: rows, inputs: kind.inputs).byteCount
        let made = [UInt8](unsafeUninitializedCapacity: size) { bytes, written in
            numbers.withUnsafeBufferPointer {
                WeightPacking.pack(
                    rows: $0, rowCount: rows, inputs: kind.inputs, format: kind.format,
                    into: UnsafeMutableRawBufferPointer(bytes))
            }
            written = size
        }
        panels[kind] = made
        return made
    }

    /// The rows that the packed panels of such a matrix stand for.
    private func sampleRows(inputs: Int) -> [Float] {
        let deviation = 1 / Float(inputs).squareRoot()
        return (0..<Self.panelVariety * PackedShape.panelOutputs * inputs).map {
            noise[$0 % noise.count] * deviation
        }
    }

    /// Copies bytes one after the other until the memory is full.
    private static func `repeat`(_ bytes: [UInt8], over memory: UnsafeMutableRawBufferPointer) {
        var start = 0
        while start < memory.count {
            let count = min(bytes.count, memory.count - start)
            UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + count])
                .copyBytes(from: bytes.prefix(count))
            start += count
        }
    }

    /// Numbers as they are stored.
    private static func bytes(_ numbers: [Float], _ type: ElementType) -> [UInt8] {
        switch type {
        case .bfloat16:
            numbers.map { UInt16($0.bitPattern >> 16) }.withUnsafeBytes { Array($0) }
        case .float32: numbers.withUnsafeBytes { Array($0) }
        case .float16, .uint8: preconditionFailure("nothing synthetic is stored so")
        }
    }

    /// Box and Muller's transformation of two uniform numbers (SplitMix64).
    private static func normal(_ state: inout UInt64) -> Float {
        let radius = (-2 * log(uniform(&state))).squareRoot()
        return Float(radius * cos(2 * Double.pi * uniform(&state)))
    }

    /// Between 0 and 1, and never 0.
    private static func uniform(_ state: inout UInt64) -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return (Double(mixed >> 11) + 1) * 0x1p-53
    }
}
