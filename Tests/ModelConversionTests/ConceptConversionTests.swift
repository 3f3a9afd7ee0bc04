import Concepts
import Imaging
import LLaVAMini
import TestSupport
import Testing

@testable import ModelConversion

/// A concept head goes with its model.
@Suite struct ConceptConversionTests {
    @Test(arguments: WeightBits.allCases)
    func theConvertedModelTellsNearlyTheSame(_ bits: WeightBits) throws {
        let copy = try SourceCopy("efficientnet-lite-pad-f32")
        try ConceptFiles.add(to: copy.folder, width: 40, classified: 40)
        _ = try ModelConversion(from: copy.folder, to: copy.target, bits: bits).run { _ in }
        let picture = RGBImage(
            width: 150, height: 120, pixels: (0..<150 * 120 * 3).map { UInt8($0 * 7 % 251) })
        let told = try [copy.folder, copy.target].map { folder in
            try #require(
                try LLaVAMini.load(from: folder).encode(picture, highResolution: false).concepts)
        }
        #expect(told[0].values.count == ConceptFiles.concepts)
        for (before, after) in zip(told[0].values, told[1].values) {
            #expect(abs(before - after) < 0.02)
        }
    }
}
