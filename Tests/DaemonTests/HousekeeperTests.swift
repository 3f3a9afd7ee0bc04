import Catalogue
import FileSystem
import FolderWatching
import Foundation
import GRDB
import Logging
import SystemPackage
import TestSupport
import Testing

@testable import Daemon

/// What is forgotten when, and what is made up for after the catalogue could not be written.
@Suite struct HousekeeperTests {
    private let bench: PipelineBench
    private let volume: Volume
    private let news = WakeSignal()
    private let rescans = Counter()

    init() throws {
        bench = try PipelineBench()
        guard case .present(_, let volume) = bench.context.lookup.look(at: "", below: bench.folder)
        else { throw NeverHappened(description: "a look at the folder") }
        self.volume = volume
    }

    @Test func whatIsMissingIsForgottenAfterTheGraceAndNotBefore() throws {
        try missingFile()
        try bench.catalogue.lookedThrough(bench.root.id)
        let patient = keeper(grace: .seconds(3600))
        let due = try #require(patient.forgetWhatIsDue())
        #expect(due > Date() + 3000)
        #expect(try bench.catalogue.status().roots.first?.missing == 1)
        _ = keeper(grace: .zero).forgetWhatIsDue()
        #expect(try bench.catalogue.status().roots.first?.files == 0)
    }

    /// Grace went on while a root was away, and its files went before the scan had listed them.
    @Test func nothingIsForgottenBeforeAllWasLookedAt() throws {
        try missingFile()
        #expect(keeper(grace: .zero).forgetWhatIsDue() == nil)
        #expect(try bench.catalogue.status().roots.first?.missing == 1)
    }

    @Test func aStateThatCouldNotBeWrittenIsWrittenLater() throws {
        let recorder = recorder()
        let disk = try FullDisk(bench.catalogue.path)
        try disk.refuse("root")
        recorder.record([.offline(reason: "unplugged")], ofRoot: 0)
        #expect(try state() == .online)
        #expect(recorder.hasArrears)
        #expect(!recorder.writeStates())
        try disk.allow("root")
        let keeper = keeper(recorder: recorder)
        keeper.makeUp()
        #expect(try state() == .offline(reason: "unplugged"))
        #expect(!recorder.hasArrears)
    }

    @Test func theLatestStateHolds() throws {
        let recorder = recorder()
        let disk = try FullDisk(bench.catalogue.path)
        try disk.refuse("root")
        recorder.record([.offline(reason: "unplugged")], ofRoot: 0)
        recorder.record([.online(volumes: [volume])], ofRoot: 0)
        recorder.record([.offline(reason: "again")], ofRoot: 0)
        try disk.allow("root")
        #expect(recorder.writeStates())
        #expect(try state() == .offline(reason: "again"))
    }

    /// Files that lost observations say are there would have gone with the grace.
    @Test func aPassThatLostObservationsDoesNotCountAsALook() throws {
        try missingFile()
        let recorder = recorder()
        let disk = try FullDisk(bench.catalogue.path)
        try disk.refuse("file")
        try bench.write(PictureFactory.png(1), to: "new.png")
        recorder.record([.scanStarted], ofRoot: 0)
        recorder.record([try listing()], ofRoot: 0)
        try disk.allow("file")
        recorder.record([.scanFinished], ofRoot: 0)
        _ = keeper(grace: .zero).forgetWhatIsDue()
        #expect(try bench.catalogue.status().roots.first?.missing == 1)
        #expect(recorder.takeRescanRequest())
        recorder.record([.scanStarted, try listing(), .scanFinished], ofRoot: 0)
        _ = keeper(grace: .zero).forgetWhatIsDue()
        #expect(try bench.catalogue.status().roots.first?.files == 1)
    }

    @Test func lostObservationsAreLookedForAgain() async throws {
        let recorder = recorder()
        let disk = try FullDisk(bench.catalogue.path)
        try disk.refuse("file")
        try bench.write(PictureFactory.png(1), to: "new.png")
        recorder.record([try listing()], ofRoot: 0)
        let keeper = keeper(recorder: recorder)
        try await whileRunning({ keeper.run() }, stop: { news.stop() }) {
            try await eventually("a rescan") { rescans.value > 0 }
        }
    }

    @Test func workersAreWokenForWhatARemovedFileStoodFor() throws {
        try missingFile()
        let removals = Counter()
        try bench.catalogue.lookedThrough(bench.root.id)
        var keeper = keeper(grace: .zero)
        keeper.onRemoval = { removals.raise() }
        _ = keeper.forgetWhatIsDue()
        #expect(removals.value == 1)
        _ = keeper.forgetWhatIsDue()
        #expect(removals.value == 1)
    }

    private func keeper(
        grace: Duration = .seconds(60), recorder: WatchEventRecorder? = nil
    ) -> Housekeeper {
        Housekeeper(
            catalogue: bench.catalogue, grace: grace, news: news,
            recorder: recorder ?? self.recorder(),
            rescan: { [rescans] in rescans.raise() },
            logger: silent, pause: .milliseconds(5))
    }

    private func recorder() -> WatchEventRecorder {
        WatchEventRecorder(
            catalogue: bench.catalogue, roots: [bench.root], logger: silent,
            onNews: { [news] in news.notify() })
    }

    private var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    private func missingFile() throws {
        try bench.add(PictureFactory.png(9), as: "gone.png")
        try bench.remove("gone.png")
        try bench.observe("gone.png")
    }

    private func listing() throws -> WatchEvent {
        guard
            case .present(let status, _) = bench.context.lookup.look(
                at: "new.png", below: bench.folder)
        else { throw NeverHappened(description: "a look at the file") }
        return .listing(
            DirectoryListing(
                directory: "", volume: volume,
                files: [ListedFile(name: "new.png", status: status, isSettled: true)],
                subdirectories: []))
    }

    private func state() throws -> Root.State? { try bench.catalogue.roots().first?.state }
}

/// Lets changes of a table fail, as on a full disk.
private struct FullDisk {
    private let queue: DatabaseQueue

    init(_ catalogue: FilePath) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(30)
        queue = try DatabaseQueue(path: catalogue.string, configuration: configuration)
    }

    func refuse(_ table: String) throws {
        try queue.write { database in
            for change in ["INSERT", "UPDATE", "DELETE"] {
                try database.execute(
                    sql: """
                        CREATE TRIGGER refuse_\(table)_\(change) BEFORE \(change) ON \(table)
                        BEGIN SELECT RAISE(ABORT, 'refused by the test'); END
                        """)
            }
        }
    }

    func allow(_ table: String) throws {
        try queue.write { database in
            for change in ["INSERT", "UPDATE", "DELETE"] {
                try database.execute(sql: "DROP TRIGGER refuse_\(table)_\(change)")
            }
        }
    }
}
