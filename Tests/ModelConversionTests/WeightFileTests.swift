import Checkpoint
import Foundation
import LLaVAMini
import SystemPackage
import TestSupport
import Testing

@testable import ModelConversion

@Suite struct WeightFileTests {
    @Test func noticesAnyByteThatIsReadBackOtherwise() throws {
        let copy = try SourceCopy()
        let source = try ConversionSource(copy.folder, ignoresUnexpected: false)
        let weights = WeightFile(source.entries, bits: .four)
        let path = copy.room.appending("model.safetensors")
        let record = try weights.write(to: path) { _ in }
        try weights.verify(path, against: record) { _ in }

        let original = try Data(contentsOf: URL(filePath: path.string))
        #expect(original.count == (try weights.byteCount(for: path)))
        var random = SeededGenerator(seed: 11)
        for _ in 0..<40 {
            var damaged = original
            // The header is JSON: a changed blank there changes nothing.
            let place = Int.random(in: 8192..<damaged.count, using: &random)
            damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            try damaged.write(to: URL(filePath: path.string))
            let error = try #require(throws: ConversionError.self) {
                try weights.verify(path, against: record) { _ in }
            }
            #expect(error.reason.contains("is not what was written"))
        }
    }

    @Test func noticesAFileOfOtherTensors() throws {
        let copy = try SourceCopy()
        let source = try ConversionSource(copy.folder, ignoresUnexpected: false)
        let path = copy.room.appending("model.safetensors")
        let record = try WeightFile(source.entries, bits: .four).write(to: path) { _ in }
        #expect(throws: ConversionError.self) {
            try WeightFile(source.entries, bits: .eight).verify(path, against: record) { _ in }
        }
    }
}
