import Catalogue
import Daemon
import Finding
import Foundation
import Glibc
import Likeness
import Logging
import Synchronization
import SystemPackage

/// Looks for copies and bursts when somebody asks, which takes a while in a large library: one look at a time, on a
/// thread that gives way to all others, and what it found is kept until somebody asks for another.
final class DuplicatesDesk: Announcer {
    /// A picture of a group.
    struct Member: Sendable {
        var asset: Int64
        /// How like the group's first it is, of 1.
        var score = 1.0
        /// Seconds between its capture and the first's, where both are known.
        var seconds: Double?
    }

    /// What was found.
    struct Found: Sendable {
        /// At most `DuplicatesDesk.most` of each kind.
        var groups: [DuplicatePage.Kind: [[Member]]]
        /// When the look began.
        var moment: Date
    }

    /// How far a look is.
    enum State: Sendable {
        case nothing
        case looking(done: Int, total: Int)
        case failed
    }

    /// The most groups of a kind that are kept; more are none that a person goes through.
    static let most = 20_000
    /// Listeners are told of the progress at most so often.
    private static let pause = Duration.milliseconds(500)

    private struct Desk {
        var state = State.nothing
        var found: Found?
        var listeners: [Int: @Sendable () -> Void] = [:]
        var next = 0
        var isClosed = false
    }

    private struct Closed: Error {}

    private let catalogue: FilePath
    private let meaning: MeaningDesk
    private let logger: Logger
    private let desk = Mutex(Desk())
    private let threads = ThreadGroup()

    init(_ catalogue: FilePath, _ meaning: MeaningDesk, logger: Logger) {
        (self.catalogue, self.meaning, self.logger) = (catalogue, meaning, logger)
    }

    /// What was found, and how far the look is that goes on.
    var state: (found: Found?, look: State) { desk.withLock { ($0.found, $0.state) } }

    /// Begins to look, unless a look goes on.
    func look() {
        let isNew = desk.withLock { desk in
            if case .looking = desk.state { return false }
            guard !desk.isClosed else { return false }
            desk.state = .looking(done: 0, total: 0)
            return true
        }
        guard isNew else { return }
        tell()
        threads.start("duplicates") { [self] in
            // Of this thread alone, as Linux has it.
            _ = nice(10)
            let result = Result { try search() }
            if case .failure(let error) = result, !(error is Closed) {
                logger.notice("page: looking for duplicates: \(error)")
            }
            switch result {
            case .success(let found): keep(found)
            case .failure: desk.withLock { $0.state = .failed }
            }
            tell()
        }
    }

    /// Keeps what was found.
    func keep(_ found: Found) {
        desk.withLock { ($0.found, $0.state) = (found, .nothing) }
    }

    /// Ends a look that goes on; there are none any more.
    func close() {
        desk.withLock { $0.isClosed = true }
        try? threads.wait()
    }

    private func search() throws -> Found {
        let moment = Date()
        let reader = try Catalogue(at: catalogue, access: .reader)
        defer { reader.close() }
        let copies = try reader.assetsWithCopies().prefix(Self.most)
        var last = ContinuousClock.now
        let groups = try LibraryDuplicates(reader, meaning.opened(reader)).groups { done, total in
            guard ContinuousClock.now - last > Self.pause else { return }
            last = .now
            try note(done, total)
        }
        let members = { (kind: DuplicateGroup.Kind) in
            groups.filter { $0.kind == kind }.prefix(Self.most).map { group in
                group.members.map { Member(asset: $0.id, score: $0.score, seconds: $0.seconds) }
            }
        }
        return Found(
            groups: [
                .copy: copies.map { [Member(asset: $0)] },
                .same: members(.same), .burst: members(.burst),
            ], moment: moment)
    }

    private func note(_ done: Int, _ total: Int) throws {
        let isClosed = desk.withLock { desk in
            desk.state = .looking(done: done, total: total)
            return desk.isClosed
        }
        guard !isClosed else { throw Closed() }
        tell()
    }

    // MARK: News

    func add(_ listener: @escaping @Sendable () -> Void) -> Int {
        desk.withLock { desk in
            desk.next += 1
            desk.listeners[desk.next] = listener
            return desk.next
        }
    }

    func remove(_ number: Int) { desk.withLock { $0.listeners[number] = nil } }

    private func tell() {
        for listener in desk.withLock({ Array($0.listeners.values) }) { listener() }
    }
}
