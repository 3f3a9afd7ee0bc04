@testable import Catalogue
import Foundation
import Testing

@Suite struct HalfPrecisionTests {
    @Test func roundTripsEveryFiniteHalf() throws {
        for pattern in UInt16.min...UInt16.max {
            let half = Float16(bitPattern: pattern)
            guard half.isFinite else { continue }
            let data = try HalfPrecision.encode([Float(half)])
            #expect(Array(data) == [UInt8(pattern & 0xFF), UInt8(pattern >> 8)])
            #expect(try HalfPrecision.decode(data).first?.bitPattern == Float(half).bitPattern)
        }
    }

    /// The distance between halves is 2⁻¹⁰ from 1 to 2, and 2 from 2048 on.
    @Test(
        arguments: [
            (1 + 0x1p-11, 1), (1 + 3 * 0x1p-11, 1 + 0x1p-9), (1 + 0x1p-11 + 0x1p-23, 1 + 0x1p-10),
            (2049, 2048), (2051, 2052), (65519, 65504), (0x1p-25, 0), (0x1.8p-25, 0x1p-24),
        ] as [(Float, Float)])
    func roundsToNearestAndTiesToEven(_ value: Float, _ rounded: Float) throws {
        #expect(try HalfPrecision.decode(HalfPrecision.encode([value])) == [rounded])
        #expect(try HalfPrecision.decode(HalfPrecision.encode([-value])) == [-rounded])
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, 65520, -1e30])
    func refusesWhatHasNoFiniteHalf(_ value: Float) {
        #expect(throws: CatalogueError.self) { try HalfPrecision.encode([0, value]) }
    }

    @Test func refusesHalfAnElement() {
        #expect(throws: CatalogueError.self) { try HalfPrecision.decode(Data([1, 2, 3])) }
    }
}
