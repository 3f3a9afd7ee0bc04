import SystemPackage
import Tensor
import TestSupport
import Testing

@testable import Checkpoint

@Suite struct WeightsPagesTests {
    @Test func pagesThatWereGivenBackAreReadAgain() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path.appending("model.safetensors")
        try SafetensorsWriter.write(
            [counting("a", .float16, [5000]), counting("b", .float16, [9000])], to: path)
        let weights = try SafetensorsFile(path).weights.values
        for tensor in weights {
            let before = contents(of: tensor)
            tensor.discardPages()
            tensor.discardPages(0..<0)
            tensor.discardPages(3..<tensor.range.count - 1)
            #expect(contents(of: tensor) == before)
        }
    }

    /// Memory without a file behind it would come back as zeros.
    @Test func madeNumbersStay() throws {
        let file = try MappedFile(anonymousBytes: 20_000) {
            $0.initializeMemory(as: UInt8.self, repeating: 7)
        }
        let tensor = Weights(elementType: .uint8, shape: [20_000], file: file, range: 0..<20_000)
        tensor.discardPages()
        file.discardPages()
        #expect(file.bytes.allSatisfy { $0 == 7 })
    }
}
