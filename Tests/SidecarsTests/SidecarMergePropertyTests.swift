import Catalogue
import MediaDecoding
import TestSupport
import Testing

@testable import Sidecars

/// A simulated day: people here, a model here and people with other programs change texts and tags of 200 pictures
/// at random, with merges in between, some of which end before they are noted.
@Suite struct SidecarMergePropertyTests {
    @Test func theLawHoldsOverTenThousandRandomEditsOnBothSides() {
        var random = SeededGenerator(seed: 19)
        var files = (0..<200).map { _ in SimulatedSidecar() }
        var merges = 0
        for step in 0..<10_000 {
            let index = Int.random(in: 0..<files.count, using: &random)
            files[index].change(step, using: &random)
            guard Bool.random(using: &random) else { continue }
            merges += 1
            let isKilled = Int.random(in: 0..<10, using: &random) == 0
            let complaints = files[index].merge(isKilled: isKilled)
            #expect(complaints.isEmpty, "file \(index), step \(step): \(complaints)")
            if !complaints.isEmpty { return }
        }
        #expect(merges > 4000)
        for index in files.indices {
            #expect(files[index].merge(isKilled: false).isEmpty)
            #expect(files[index].isAtRest, "a merge that changed nothing leads to none")
        }
    }
}
