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
}
