import CLIP
import Checkpoint
import LLaVAMini
import SystemPackage
import Tensor
import TestSupport
import Testing

@testable import vignette

@Suite struct ParameterCountTests {
    /// The bundled model has all its tensors in files that can be counted.
    @Test func countsWhatTheTensorsHold() throws {
        let folder = BuildProducts.checkout.appending("Models/demo")
        let checkpoint = try CheckpointFolder(folder)
        let tower = try CheckpointFolder(folder.appending("vision_tower"))
        let c = try ModelConfiguration(folder: folder)
        let count = ParameterCount(c)
        let own = checkpoint.names.compactMap { checkpoint[$0]?.count }.reduce(0, +)
        #expect(count.total - count.visionTower == own)
        let unused = (c.vision.usedLayers..<c.vision.layers).map { ".layers.\($0)." }
        let used = tower.names.filter { name in
            !name.contains("post_layernorm") && !unused.contains { name.contains($0) }
                && !name.contains("position_ids")
        }
        #expect(count.visionTower == used.compactMap { tower[$0]?.count }.reduce(0, +))
    }
}
