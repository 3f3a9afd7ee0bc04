import Foundation
import FoundationXML
import Testing

@testable import Explaining
@testable import LLaVAMini

@Suite struct AnalysisSummaryTests {
    private static func picture(_ weight: Double, mode: AttentionAnalysis.Mode = .mini)
        -> AnalysedPicture
    {
        var analysis = AttentionAnalysis(mode: mode)
        let flow = AttentionFlow(
            from: .instruction, to: .vision, weight: weight, entropy: 2 * weight, tokens: 3)
        analysis.layers = [
            .init(stage: .preFusion, number: 1, flows: [flow]),
            .init(stage: .language, number: 2, flows: [flow]),
        ]
        analysis.remainders = [
            .init(stage: nil, layer: 0, hold: .init(kept: 1, probability: weight)),
            .init(stage: .language, layer: 2, hold: .init(kept: 0.5, probability: weight / 2)),
        ]
        return AnalysedPicture(answer: "A <b>.", analyses: [analysis])
    }

    private static var summary: AnalysisSummary {
        var summary = AnalysisSummary(preFusionLayers: 1, languageLayers: 2)
        summary.add(picture(0.2))
        summary.add(picture(0.4))
        return summary
    }

    @Test func meansAreOverPictures() {
        let flows = Self.summary.flows
        #expect(flows.map(\.axis) == [1, 3] && flows.map(\.pictures) == [2, 2])
        #expect(flows.allSatisfy { abs($0.weight - 0.3) < 1e-9 && abs($0.entropy - 0.6) < 1e-9 })
        let left = Self.summary.remainders
        #expect(left.map(\.axis) == [0, 3] && left.map(\.kept) == [1, 0.5])
    }

    @Test func tablesHaveALineForEachNumber() {
        let lines = Self.summary.flowsTable.components(separatedBy: "\r\n")
        #expect(
            lines.count == 4 && lines[1].hasPrefix("mini,pre-fusion,1,1,instruction,vision,0.3"))
        let left = Self.summary.remaindersTable.components(separatedBy: "\r\n")
        #expect(left[1] == "mini,never,0,0,1.000000,0.300000,2")
    }

    @Test func neverComesLastOnTheAxis() {
        let plot = Self.summary.remainderPlot
        #expect(plot.places == ["P1", "L1", "L2", "never"])
        #expect(plot.curves.allSatisfy { $0.points.map(\.place) == [2, 3] })
    }

    @Test func thePageHoldsAllAndEscapesWhatOthersWrote() throws {
        let page = try AnalysisPage(
            .init(
                model: "<m>", question: "\"What?\" & <script>",
                pictures: [("<img src=x>.jpg", "A <b>.")]), Self.summary, maps: []
        ).html()
        #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>"))
        #expect(page.contains("default-src 'none'") && !page.contains("http://127"))
        // Nothing from elsewhere: the only addresses are names of XML's namespaces.
        let addresses = page.components(separatedBy: "http").dropFirst()
        #expect(addresses.allSatisfy { $0.hasPrefix("://www.w3.org/") || $0.hasPrefix("-equiv") })
        #expect(page.components(separatedBy: "<svg").count == 4)
    }

    @Test func colouredWeightsGoWithTheirLogarithm() {
        #expect(AttentionMapDrawing.share(1) == 1 && AttentionMapDrawing.share(0) == 0)
        #expect(abs(AttentionMapDrawing.share(0.01) - 0.5) < 1e-6)
    }
}
