import Foundation
import FoundationXML
import Imaging
import Testing

@testable import Explaining

@Suite struct LinePlotTests {
    private static let plot = LinePlot(
        title: "A <plot> & more", unit: "share", places: ["P1", "L1", "L2"], dividers: [1],
        curves: [
            .init(name: "one → two", colour: 0, dash: [], points: [(0, 0.5), (1, 1), (2, 0)]),
            .init(name: "two", colour: 1, dash: [4, 2], points: [(1, 0.25), (2, 0.25)]),
        ])

    @Test func theDrawingIsXMLWithAllCurves() {
        let svg = Self.plot.svg
        #expect(XMLParser(data: Data(svg.utf8)).parse())
        #expect(svg.contains("A &lt;plot&gt; &amp; more") && svg.contains("one → two"))
        #expect(svg.components(separatedBy: "<circle").count == 6)
    }

    @Test func thePixelsHaveTheCurvesColours() {
        let image = Self.plot.pixels
        func has(_ colour: RGBColour) -> Bool {
            stride(from: 0, to: image.pixels.count, by: 3).contains {
                image.pixels[$0] == colour.red && image.pixels[$0 + 1] == colour.green
                    && image.pixels[$0 + 2] == colour.blue
            }
        }
        #expect(has(LinePlot.colours[0]) && has(LinePlot.colours[1]) && !has(LinePlot.colours[3]))
    }

    @Test func stepsAreRoundAndLeadPastTheLargest() {
        #expect(LinePlot.steps(upTo: 1.00001).map { ($0 * 10).rounded() } == [0, 2, 4, 6, 8, 10])
        #expect(LinePlot.steps(upTo: 0) == [0, 1])
        for largest in [0.003, 0.7, 1, 4.2, 17, 999] {
            let steps = LinePlot.steps(upTo: largest)
            #expect(steps.count <= 7 && (steps.last ?? 0) >= largest * 0.999)
        }
    }

    @Test func aDashedLineIsDrawnInPieces() {
        let from = PlotPoint(x: 0, y: 0)
        let pieces = PixelCanvas.strokes(
            [from, PlotPoint(x: 5, y: 0), PlotPoint(x: 10, y: 0)], dash: [3, 1])
        let drawn = pieces.reduce(0) { $0 + $1.to.x - $1.from.x }
        #expect(abs(drawn - 8) < 1e-9)
        #expect(PixelCanvas.strokes([from, from], dash: []).count == 1)
    }

    @Test func aPlotOfNothingIsDrawn() {
        let empty = LinePlot(title: "", unit: "", places: [], curves: [])
        #expect(empty.pixels.width > 0 && empty.svg.hasPrefix("<svg"))
    }

    @Test func everyLetterOfAPlotHasAForm() {
        for letter in "abcdefghijklmnopqrstuvwxyz0123456789PL.,:-→()%'" {
            #expect(!Lettering.dots(String(letter)).isEmpty, "\(letter)")
            #expect(Lettering.dots(String(letter)).allSatisfy { $0.y < Lettering.height })
        }
    }
}
