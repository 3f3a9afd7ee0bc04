import Explaining
import Foundation
import Imaging
import LLaVAMini
import SystemPackage

/// The folder that an analysis is written into.
struct AnalysisFolder {
    let path: FilePath

    /// Makes the folder where it is not there.
    ///
    /// - Throws: `CommandFailure`.
    init(_ path: FilePath) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path.string, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure("\(PathText(path).display): no folder can be made there")
        }
    }

    /// Writes tables, plots and the page, each whole.
    ///
    /// - Throws: `OutputFailure`, `PNGFile.Failure`.
    func write(_ result: AnalysisResult) throws {
        let summary = result.summary
        try write(summary.flowsTable, to: "attention.csv")
        try write(summary.remaindersTable, to: "remaining.csv")
        try write(try JSONLine.text(result.report), to: "analysis.json")
        for mode in summary.modes {
            try write(summary.attentionPlot(mode), to: "attention-\(mode.rawValue)")
            try write(summary.entropyPlot(mode), to: "entropy-\(mode.rawValue)")
        }
        try write(summary.remainderPlot, to: "remaining")
        for (mode, drawing) in result.maps {
            try write(try drawing.svg(), to: "maps-\(mode.rawValue).svg")
            try write(drawing.pixels, to: "maps-\(mode.rawValue).png")
        }
        try write(try result.page.html(), to: "index.html")
    }

    private func write(_ plot: LinePlot, to name: String) throws {
        try write(plot.svg, to: name + ".svg")
        try write(plot.pixels, to: name + ".png")
    }

    private func write(_ image: RGBImage, to name: String) throws {
        try write(bytes: try PNGFile.bytes(image), to: name)
    }

    private func write(_ text: String, to name: String) throws {
        try write(bytes: Array(text.utf8), to: name)
    }

    private func write(bytes: [UInt8], to name: String) throws {
        let file = try OutputFile(path.appending(name))
        try file.write(bytes: bytes)
        try file.finish()
    }
}
