import Logging
import SystemPackage

/// What was done for a job, and how long each step took: one line in the log when it ends.
struct JobTrace: Sendable {
    private var name: String
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now
    private var steps: [Step] = []

    private struct Step {
        let name: String
        /// More for people, such as how many were done together.
        let note: String?
        let duration: Duration
    }

    /// Begins to measure.
    ///
    /// - Parameter name: Kind and number, such as `job 12`.
    init(_ name: String) { self.name = name }

    /// A step is over.
    mutating func finished(_ step: String, note: String? = nil) {
        let now = ContinuousClock.now
        steps.append(Step(name: step, note: note, duration: now - last))
        last = now
    }

    /// What follows belongs to this too.
    mutating func goesOn(as name: String) { self.name += ", \(name)" }

    /// The line: `job 12, work 5: /p/a.jpg: described in 1.234 s (looked 0.001, …)`.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - outcome: What became of it.
    /// - Returns: The line, without its end.
    func line(_ path: FilePath, _ outcome: String) -> String {
        let parts = steps.map { step in
            [step.name, step.note].compactMap { $0 }.joined(separator: ", ")
                + " \(Self.seconds(step.duration))"
        }
        let total = Self.seconds(ContinuousClock.now - start)
        return "\(name): \(path): \(outcome) in \(total) s"
            + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
    }

    /// The same for programs, but for the file's name.
    ///
    /// - Parameter outcome: What became of the job.
    /// - Returns: `result`, `seconds`, and under `stages` seconds by step.
    func metadata(_ outcome: String) -> Logger.Metadata {
        let stages = steps.map { ($0.name, $0.duration) }
        return [
            "result": .string(outcome),
            "seconds": .stringConvertible(Self.number(ContinuousClock.now - start)),
            "stages": .dictionary(
                Dictionary(stages, uniquingKeysWith: +).mapValues {
                    .stringConvertible(Self.number($0))
                }),
        ]
    }

    /// Seconds to the millisecond.
    private static func number(_ duration: Duration) -> Double {
        Double(Int64(duration / .milliseconds(1))) / 1000
    }

    /// The same with all its digits.
    private static func seconds(_ duration: Duration) -> String {
        let milliseconds = Int64(duration / .milliseconds(1))
        let decimals = String(milliseconds % 1000)
        return "\(milliseconds / 1000)."
            + String(repeating: "0", count: 3 - decimals.count) + decimals
    }
}
