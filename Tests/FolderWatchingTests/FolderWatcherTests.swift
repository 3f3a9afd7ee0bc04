import Foundation
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import FolderWatching

/// The watcher on a thread of its own, with the real kernel and the real clock.
@Suite struct FolderWatcherTests {
    /// What the thread tells the test.
    private final class Record: Sendable {
        let model = Mutex(TreeModel())
        /// The watcher's thread below `/proc`.
        let thread = Mutex("")
        let hasEnded = Mutex(false)

        func noteThread() {
            let link = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/thread-self")
            thread.withLock { $0 = link ?? "" }
        }
    }

    private let folder: TemporaryDirectory
    private let record = Record()

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func start(settleTime: Duration = .milliseconds(50)) throws -> FolderWatcher {
        var options = WatchOptions()
        options.settleTime = settleTime
        let record = record
        let watcher = try FolderWatcher(roots: [WatchedRoot(path: folder.path)], options: options) {
            _, events in
            record.noteThread()
            record.model.withLock { model in
                for event in events { model.fold(event) }
            }
        }
        Thread {
            try? watcher.run()
            record.hasEnded.withLock { $0 = true }
        }.start()
        return watcher
    }

    /// Waits for something to become true, a minute at most.
    private func wait(
        for condition: @Sendable (Record) -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for _ in 0..<6000 {
            if condition(record) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("it never became true", sourceLocation: sourceLocation)
    }

    private func write(_ name: String) throws {
        try Data("x".utf8).write(to: URL(filePath: folder.path.appending(name).string))
    }

    @Test func reportsNewFilesAndEndsWhenTold() async throws {
        try write("1.jpg")
        let watcher = try start()
        try await wait { $0.model.withLock { $0.paths == ["1.jpg"] } }
        try write("2.jpg")
        try await wait { $0.model.withLock { $0.paths == ["1.jpg", "2.jpg"] } }
        watcher.stop()
        try await wait { $0.hasEnded.withLock { $0 } }
    }

    @Test func stopBeforeRunEndsItAtOnce() throws {
        let watcher = try FolderWatcher(roots: [WatchedRoot(path: folder.path)]) { _, _ in }
        watcher.stop()
        try watcher.run()
    }

    @Test func rescanLooksAtEverythingAgain() async throws {
        let watcher = try start()
        try await wait { $0.model.withLock { $0.finishedScans == 1 } }
        watcher.rescan()
        try await wait { $0.model.withLock { $0.finishedScans == 2 } }
        watcher.stop()
        try await wait { $0.hasEnded.withLock { $0 } }
    }

    @Test func threadDoesNotWakeUpAtRest() async throws {
        try write("1.jpg")
        let watcher = try start()
        try await wait { $0.model.withLock { $0.paths == ["1.jpg"] } }
        let thread = record.thread.withLock { $0 }
        // It may take a moment to fall asleep after its last report.
        var before = try switches(of: thread)
        for _ in 0..<100 {
            try await Task.sleep(for: .milliseconds(100))
            let now = try switches(of: thread)
            if now == before { break }
            before = now
        }
        try await Task.sleep(for: .seconds(1))
        #expect(try switches(of: thread) == before)
        watcher.stop()
        try await wait { $0.hasEnded.withLock { $0 } }
    }

    /// How often a thread was put to sleep or pushed aside.
    private func switches(of thread: String) throws -> [Substring] {
        let path = "/proc/\(thread)/status"
        let status = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        return status.split(separator: "\n").filter { $0.contains("ctxt_switches") }
    }

    @Test func slowHandlerLosesNothing() async throws {
        let record = record
        var options = WatchOptions()
        options.settleTime = .milliseconds(20)
        options.maximumBatch = 20
        let watcher = try FolderWatcher(roots: [WatchedRoot(path: folder.path)], options: options) {
            _, events in
            usleep(5000)
            record.model.withLock { model in
                for event in events { model.fold(event) }
            }
        }
        Thread { try? watcher.run() }.start()
        for number in 0..<600 {
            try write("\(number).jpg")
            if number % 2 == 1 { unlink(folder.path.appending("\(number - 1).jpg").string) }
        }
        try await wait { $0.model.withLock { $0.paths.count == 300 } }
        watcher.stop()
    }

    @Test func overlappingAndRelativeRootsAreRefused() throws {
        let inner = folder.path.appending("inner")
        #expect(mkdir(inner.string, 0o700) == 0)
        let link = folder.path.appending("link")
        #expect(symlink(inner.string, link.string) == 0)
        for paths in [
            [folder.path, inner], [inner, folder.path], [inner, inner], [inner, link],
        ] {
            let error = #expect(throws: FolderWatchingError.self) {
                try FolderWatcher(roots: paths.map { WatchedRoot(path: $0) }) { _, _ in }
            }
            #expect(error?.description.contains(inner.string) == true)
        }
        #expect(throws: FolderWatchingError.self) {
            try FolderWatcher(roots: [WatchedRoot(path: "photos")]) { _, _ in }
        }
    }

    @Test func withoutASourceOfMessagesFoldersArePolled() async throws {
        var options = WatchOptions()
        options.settleTime = .milliseconds(20)
        options.pollInterval = .milliseconds(50)
        let record = record
        let watcher = try FolderWatcher(
            roots: [WatchedRoot(path: folder.path)], options: options,
            openEvents: { () throws(Errno) in throw .tooManyOpenFiles }
        ) { _, events in
            record.model.withLock { model in
                for event in events { model.fold(event) }
            }
        }
        Thread { try? watcher.run() }.start()
        try await wait { $0.model.withLock { $0.finishedScans == 1 } }
        try write("1.jpg")
        try await wait { $0.model.withLock { $0.paths == ["1.jpg"] } }
        #expect(
            record.model.withLock { $0.notices.first?.contains("max_user_instances") } == true)
        watcher.stop()
    }
}
