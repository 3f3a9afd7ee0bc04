import ArgumentParser
import Catalogue
import Sidecars
import Synchronization
import SystemPackage

/// Says what became of sidecars: a line for each that changes, failures once a folder and reason, the sum at the end.
final class SidecarReport: Sendable {
    private struct State {
        var bar = TerminalLine()
        var start = ContinuousClock.now
        var total = 0
        var passed = 0
        var written = 0
        var conflicts = 0
        var failed = 0
        var told: Set<String> = []
    }

    private let isJSON: Bool
    private let isDryRun: Bool
    private let showsFields: Bool
    private let state = Mutex(State())

    init(isJSON: Bool, isDryRun: Bool, showsFields: Bool = false) {
        self.isJSON = isJSON
        self.isDryRun = isDryRun
        self.showsFields = showsFields
    }

    func begin(total: Int) {
        state.withLock {
            $0.total = total
            $0.start = .now
        }
    }

    /// So many pictures were looked at.
    func passed(_ count: Int) {
        state.withLock { state in
            state.passed += count
            let seconds = (ContinuousClock.now - state.start) / .seconds(1)
            let left = max(state.total - state.passed, 0)
            let rate = seconds > 1 ? Double(state.passed) / seconds : nil
            let part = WorkProgress.Part(
                done: state.passed, left: left, rate: rate,
                secondsLeft: rate.map { Double(left) / max($0, 0.001) })
            state.bar.draw(ProgressBar.line(WorkProgress(new: part)))
        }
    }

    /// A picture's sidecar was looked at.
    func add(_ result: SidecarResult) throws {
        let text = try text(of: result)
        let complaint = complaint(about: result)
        state.withLock { state in
            state.bar.clear()
            if case .written = result.outcome { state.written += 1 }
            if case .failed = result.outcome { state.failed += 1 }
            state.conflicts += result.conflicts.count
            if let complaint, state.told.insert(complaint.once).inserted {
                StandardError.write(complaint.line + "\n")
            }
        }
        if let text { StandardOutput.write(text) }
    }

    private func text(of result: SidecarResult) throws -> String? {
        let changes: Bool = if case .written = result.outcome { true } else { false }
        if isJSON {
            guard result.outcome != .upToDate || !result.conflicts.isEmpty else { return nil }
            return try JSONLine.text(SidecarLine(result, isDryRun: isDryRun))
        }
        guard changes || showsFields && !result.conflicts.isEmpty, let sidecar = result.sidecar
        else { return nil }
        var lines = changes ? [PathText(sidecar).display] : [PathText(result.picture).display]
        if showsFields {
            for change in result.changes {
                if let before = change.before {
                    lines.append("  - \(change.field): \(Self.quoted(before))")
                }
                if let after = change.after {
                    lines.append("  + \(change.field): \(Self.quoted(after))")
                }
            }
            for conflict in result.conflicts {
                lines.append("  conflict in the \(conflict.field), left as it is:")
                lines.append("    here:  \(Self.quoted(conflict.here))")
                lines.append("    there: \(Self.quoted(conflict.there))")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The line that says what went wrong, and what is said once: a folder's troubles are those of all its files.
    private func complaint(about result: SidecarResult) -> (line: String, once: String)? {
        guard case .failed(let reason) = result.outcome else { return nil }
        let folder = result.picture.removingLastComponent()
        return ("\(PathText(result.picture).display): \(reason)", "\(folder)\n\(reason)")
    }

    /// A text in one line, so that what a sidecar says cannot steer a terminal.
    static func quoted(_ text: String) -> String {
        text.isEmpty ? "nothing" : PathText(FilePath(text)).display
    }

    /// The sum; ends with status 1 where a sidecar could not be written, with 3 where the pass was stopped.
    func finish(isStopped: Bool) throws {
        let state = state.withLock { state in
            state.bar.clear()
            return (state.written, state.conflicts, state.failed)
        }
        if !isJSON {
            var parts = [
                "\(state.0) \(state.0 == 1 ? "sidecar" : "sidecars") "
                    + (isDryRun ? "would be written" : "written")
            ]
            if state.1 > 0 {
                parts.append(
                    "\(state.1) \(state.1 == 1 ? "conflict" : "conflicts") "
                        + "(see 'vignette sidecars status')")
            }
            if state.2 > 0 { parts.append("\(state.2) could not be written") }
            StandardError.write(parts.joined(separator: ", ") + "\n")
        }
        if isStopped { throw ExitCode(3) }
        if state.2 > 0 { throw ExitCode(1) }
    }
}

/// A result for programs.
private struct SidecarLine: Encodable {
    let path: PathText
    let sidecar: PathText?
    let outcome: String
    let isNew: Bool?
    let reason: String?
    let changes: [ChangeLine]
    let conflicts: [ConflictLine]
    let isDryRun: Bool

    struct ChangeLine: Encodable {
        let field: String
        let before: String?
        let after: String?
    }

    init(_ result: SidecarResult, isDryRun: Bool) {
        path = PathText(result.picture)
        sidecar = result.sidecar.map { PathText($0) }
        switch result.outcome {
        case .upToDate: (outcome, isNew, reason) = ("up to date", nil, nil)
        case .written(let new): (outcome, isNew, reason) = ("written", new, nil)
        case .failed(let why): (outcome, isNew, reason) = ("failed", nil, why)
        }
        changes = result.changes.map {
            ChangeLine(field: $0.field, before: $0.before, after: $0.after)
        }
        conflicts = result.conflicts.map { ConflictLine(result.picture, $0) }
        self.isDryRun = isDryRun
    }
}
