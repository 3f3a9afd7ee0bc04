import Foundation
public import LLaVAMini

/// All of an analysis on one page, without scripts and without anything from elsewhere.
public struct AnalysisPage {
    /// What the analysis is of.
    public struct Facts {
        /// The model's name.
        public var model: String
        /// What was asked.
        public var question: String
        /// Each picture's name and what was answered.
        public var pictures: [(name: String, answer: String)]

        /// Puts them together.
        public init(
            model: String, question: String, pictures: [(name: String, answer: String)]
        ) {
            (self.model, self.question, self.pictures) = (model, question, pictures)
        }
    }

    private let facts: Facts
    private let summary: AnalysisSummary
    private let maps: [(mode: AttentionAnalysis.Mode, drawing: AttentionMapDrawing)]

    /// Puts a page together.
    ///
    /// - Parameters:
    ///   - facts: What the analysis is of.
    ///   - summary: The means.
    ///   - maps: The attention of one picture token by token.
    public init(
        _ facts: Facts, _ summary: AnalysisSummary,
        maps: [(mode: AttentionAnalysis.Mode, drawing: AttentionMapDrawing)]
    ) {
        (self.facts, self.summary, self.maps) = (facts, summary, maps)
    }

    /// The page.
    ///
    /// - Throws: `PNGFile.Failure`.
    public func html() throws -> String {
        let plots = summary.modes.map { mode in
            """
            <h2>\(Self.text(AnalysisSummary.name(mode)))</h2>
            \(summary.attentionPlot(mode).svg)
            \(summary.entropyPlot(mode).svg)
            """
        }
        let drawings = try maps.map {
            """
            <h2>Token by token: \(Self.text(AnalysisSummary.name($0.mode)))</h2>
            <p>The first picture. A row is a token that looks, a column one that is looked at; colours go with the \
            logarithm, from 0.0001 (dark) to 1.</p>
            \(try $0.drawing.svg())
            """
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width">
            <title>Attention of \(Self.text(facts.model))</title>
            <style>
            body { font: 15px/1.45 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #202020;
            background: #fff }
            svg { max-width: 100%; height: auto }
            table { border-collapse: collapse; font-size: 13px }
            td, th { padding: 1px 10px 1px 0; text-align: left }
            </style>
            </head>
            <body>
            <h1>Attention of \(Self.text(facts.model))</h1>
            <p>\(facts.pictures.count) pictures, asked “\(Self.text(facts.question))”. P are the layers of pre-fusion, \
            L those of the language model.</p>
            \(plots.joined(separator: "\n"))
            <h2>Without the picture from a layer on</h2>
            <p>The share of the answers' tokens that the model would still say first behind those before, and their \
            mean probability. “Never” is where nothing is dropped.</p>
            \(summary.remainderPlot.svg)
            \(drawings.joined(separator: "\n"))
            <h2>Numbers</h2>
            <details><summary>Attention and entropy</summary>\(Self.table(summary.flowsTable))</details>
            <details><summary>What is left of answers</summary>\(Self.table(summary.remaindersTable))</details>
            <details><summary>Pictures</summary>\(pictures)</details>
            </body>
            </html>

            """
    }

    private var pictures: String {
        "<table><tr><th>picture</th><th>answer</th></tr>"
            + facts.pictures.map {
                "<tr><td>\(Self.text($0.name))</td><td>\(Self.text($0.answer))</td></tr>"
            }.joined() + "</table>"
    }

    /// A table of words and numbers without quotes.
    private static func table(_ csv: String) -> String {
        let rows = csv.split(separator: "\r\n").map { $0.split(separator: ",") }
        return "<table>"
            + rows.enumerated().map { place, cells in
                let name = place == 0 ? "th" : "td"
                return "<tr>" + cells.map { "<\(name)>\($0)</\(name)>" }.joined() + "</tr>"
            }.joined() + "</table>"
    }

    private static func text(_ text: String) -> String {
        HeatMap.escaped(text).replacing("\"", with: "&quot;")
    }
}
