import Foundation
import ModelHub
import Synchronization

/// Shows how far a download has come: a bar that stays below other lines on a terminal, a line now
/// and then elsewhere.
final class TransferProgress: Sendable {
    private let state: Mutex<State>

    private struct State {
        var line: TerminalLine
        var rate = TransferRate()
        var lastLogged: ContinuousClock.Instant?
    }

    /// Begins to show.
    init(isTerminal: Bool = StandardError.isTerminal) {
        state = Mutex(State(line: TerminalLine(isEnabled: isTerminal)))
    }

    /// Shows what happened.
    func show(_ event: PullEvent) {
        state.withLock { state in
            switch event {
            case .step(let text): Self.writeLine(text, &state)
            case .notice(let text): Self.writeLine("vignette: notice: \(text)", &state)
            case .verified(let name): Self.writeLine("verified \(name)", &state)
            case .progress(let done, let found, let total):
                Self.showBytes(done: done, found: found, total: total, &state)
            }
        }
    }

    /// Removes the bar.
    func finish() {
        state.withLock { $0.line.clear() }
    }

    private static func showBytes(done: Int64, found: Int64, total: Int64, _ state: inout State) {
        let now = ContinuousClock.now
        state.rate.note(bytes: done - found, at: now)
        let line = ByteBar.line(done: done, total: total, rate: state.rate.bytesPerSecond)
        guard !state.line.isEnabled else { return state.line.draw(line) }
        // The first line of a log comes after the first pause: short downloads need none.
        guard let last = state.lastLogged else { return state.lastLogged = now }
        guard now - last >= .seconds(10) else { return }
        state.lastLogged = now
        StandardError.write("\(line)\n")
    }

    private static func writeLine(_ text: String, _ state: inout State) {
        state.line.clear()
        StandardError.write("\(text)\n")
    }
}

/// How fast bytes came of late: over the last ten seconds, so that a pause or a faster line shows
/// soon.
struct TransferRate {
    private var samples: [(instant: ContinuousClock.Instant, bytes: Int64)] = []
    private static let span: Duration = .seconds(10)
    private static let spacing: Duration = .milliseconds(250)

    /// Notes how many bytes had come at an instant.
    mutating func note(bytes: Int64, at instant: ContinuousClock.Instant) {
        if let last = samples.last, samples.count > 1, instant - last.instant < Self.spacing {
            samples[samples.count - 1].bytes = bytes
            return
        }
        samples.append((instant, bytes))
        while let first = samples.first, samples.count > 2, instant - first.instant > Self.span {
            samples.removeFirst()
        }
    }

    /// Bytes a second; 0 where nothing can be said yet.
    var bytesPerSecond: Double {
        guard let first = samples.first, let last = samples.last else { return 0 }
        let seconds = (last.instant - first.instant) / .seconds(1)
        return seconds > 0 ? max(0, Double(last.bytes - first.bytes) / seconds) : 0
    }
}
