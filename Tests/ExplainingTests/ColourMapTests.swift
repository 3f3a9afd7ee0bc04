import Foundation
import Imaging
import Testing

@testable import Explaining

@Suite struct ColourMapTests {
    /// CIELAB's lightness of an sRGB colour.
    private static func lightness(_ colour: RGBColour) -> Double {
        let linear = [colour.red, colour.green, colour.blue].map { value in
            let share = Double(value) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        let light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        return light > 216.0 / 24389 ? 116 * cbrt(light) - 16 : light * 24389 / 27
    }

    /// What is printed in greys, or seen by somebody who confuses colours, is still in order.
    @Test func lightnessRisesEvenly() {
        let steps = (0...24).map { Self.lightness(ColourMap.colour(Double($0) / 24)) }
        for (from, to) in zip(steps, steps.dropFirst()) {
            #expect(to > from + 1 && to < from + 7, "\(steps)")
        }
    }

    @Test func whatLiesOutsideHasTheColourOfTheNearerEnd() {
        #expect(ColourMap.colour(-1) == ColourMap.colour(0))
        #expect(ColourMap.colour(2) == ColourMap.colour(1))
        #expect(ColourMap.colour(.nan) == ColourMap.colour(0))
    }
}
