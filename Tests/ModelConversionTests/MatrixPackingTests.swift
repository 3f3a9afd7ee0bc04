import Checkpoint
import SystemPackage
import Tensor
import TestSupport
import Testing

@testable import ModelConversion

@Suite struct MatrixPackingTests {
    /// Tall enough for several waves of slices, and with a short last panel.
    @Test func slicesAreTheWholeInItsOrder() throws {
        let (outputs, inputs) = (16 * 40 + 5, 96)
        let numbers = (0..<outputs * inputs).map { Float(($0 * 7919) % 1009) - 504 }
        let folder = try TemporaryDirectory()
        let path = folder.path.appending("w.safetensors")
        try SafetensorsWriter.write(
            [SourceCopy.float32("w", [outputs, inputs], numbers)], to: path)
        let weights = try #require(try SafetensorsFile(path).weights["w"])
        var bytes: [UInt8] = []
        var slices = 0
        let packing = MatrixPacking("w", weights, .q8, numbersInSlice: 3 * 16 * inputs)
        try packing.run {
            bytes += $0.bytes
            slices += 1
        }
        var whole = [UInt8](repeating: 0, count: packing.shape.byteCount)
        whole.withUnsafeMutableBytes { whole in
            numbers.withUnsafeBufferPointer {
                WeightPacking.pack(
                    rows: $0, rowCount: outputs, inputs: inputs, format: .q8, into: whole)
            }
        }
        #expect(slices == 14)
        #expect(bytes == whole)
    }
}
