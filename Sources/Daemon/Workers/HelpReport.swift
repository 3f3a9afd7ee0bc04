import Catalogue
import Foundation
import RemoteWork
import Synchronization

/// What the page and the metrics say of other machines: gathered here, noted in the catalogue where it has changed, so
/// that whoever serves the page needs no way into the queue.
final class HelpReport: Sendable {
    private struct State {
        var counts = HelpCounts()
        var noted: HelpFromOthers?
    }

    private let state = Mutex(State())
    /// More machines than anybody reads a list of; those that are there come first.
    private static let mostHelpers = 200

    /// Counts pieces.
    func count(_ key: WritableKeyPath<HelpCounts, Int>, _ number: Int = 1) {
        state.withLock { $0.counts[keyPath: key] += number }
    }

    /// Hands what is new to `note`, or nothing if that is nothing; what it throws leaves it new.
    func publish(
        _ help: HelpFromOthers,
        _ note: (HelpFromOthers, HelpCounts) throws(CatalogueError) -> Void
    ) throws(CatalogueError) {
        let (counts, noted) = state.withLock { ($0.counts, $0.noted) }
        guard counts != HelpCounts() || noted.map(Self.essence) != Self.essence(help) else {
            return
        }
        try note(help, counts)
        state.withLock { state in
            state.counts.offered -= counts.offered
            state.counts.done -= counts.done
            state.counts.failed -= counts.failed
            state.noted = help
        }
    }

    /// All but the last words of those who are there, which are new with every look: an idle queue writes nothing.
    private static func essence(_ help: HelpFromOthers) -> HelpFromOthers {
        var essence = help
        for index in help.helpers.indices where help.helpers[index].isPresent {
            essence.helpers[index].lastWord = .distantPast
        }
        return essence
    }

    /// What a queue's overview tells, its moments by this machine's clock.
    static func help(_ overview: QueueOverview, now: Date = Date()) -> HelpFromOthers {
        var help = HelpFromOthers()
        help.place = overview.place
        (help.waiting, help.held) = (overview.waiting, overview.held)
        let ahead = overview.now.timeIntervalSince(now)
        let helpers = overview.workers.map { worker in
            Helper(
                name: worker.name, state: Helper.State(rawValue: worker.state) ?? .silent,
                isAble: worker.isAble, doing: worker.doing, program: worker.program,
                done: worker.done, failed: worker.failed, secondsEach: worker.secondsEach,
                lastWord: worker.lastWord - ahead)
        }
        help.helpers = Array(
            (helpers.filter(\.isPresent)
                + helpers.filter { !$0.isPresent }.sorted { $0.lastWord > $1.lastWord })
                .prefix(mostHelpers))
        return help
    }
}
