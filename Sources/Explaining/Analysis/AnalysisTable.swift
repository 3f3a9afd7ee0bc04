import Foundation
import LLaVAMini

extension AnalysisSummary {
    /// Who attended to whom, as CSV (RFC 4180).
    public var flowsTable: String {
        Self.table(
            ["mode", "stage", "layer", "axis", "from", "to", "weight", "entropy", "pictures"],
            flows.map {
                [
                    $0.mode.rawValue, $0.stage.rawValue, "\($0.layer)", "\($0.axis)",
                    $0.from.rawValue, $0.to.rawValue, Self.number($0.weight),
                    Self.number($0.entropy), "\($0.pictures)",
                ]
            })
    }

    /// What is left of answers, as CSV.
    public var remaindersTable: String {
        Self.table(
            ["mode", "dropped_from", "layer", "axis", "kept", "probability", "pictures"],
            remainders.map {
                [
                    $0.mode.rawValue, $0.stage?.rawValue ?? "never", "\($0.layer)", "\($0.axis)",
                    Self.number($0.kept), Self.number($0.probability), "\($0.pictures)",
                ]
            })
    }

    private static func number(_ value: Double) -> String { String(format: "%.6f", value) }

    private static func table(_ names: [String], _ rows: [[String]]) -> String {
        ([names] + rows).map { $0.joined(separator: ",") + "\r\n" }.joined()
    }
}
