import FileSystem
import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing
import MediaFormats

@testable import FolderWatching

/// Runs filesystem commands under a watcher whose clock stands still until it is told to go on.
///
/// The kernel queues its messages before a system call returns, so that nothing has to be waited for.
final class EngineHarness {
    /// What the watcher's closures share with the test.
    private final class Recorder: Sendable {
        let time = Mutex(Int64(1_000_000_000_000))
        let wallOffset = Mutex(Int64(0))
        let models = Mutex([TreeModel]())
    }

    let folder: TemporaryDirectory
    let events = EventScript()
    let mounts = ScriptedMounts()
    private let volumes: any VolumeSource
    private let recorder = Recorder()
    private var made: WatchEngine?
    private var rootPaths: [FilePath] = []

    /// Prepares an empty folder, with mounts from a script unless others are given.
    init(volumes: (any VolumeSource)? = nil) throws {
        folder = try TemporaryDirectory()
        self.volumes = volumes ?? mounts
    }

    /// The folder with its links resolved.
    var path: FilePath {
        (try? folder.path.resolvingLinks()) ?? folder.path
    }

    /// What the first root's events amount to.
    var model: TreeModel {
        recorder.models.withLock { $0[0] }
    }

    /// What a root's events amount to.
    func model(_ root: Int) -> TreeModel {
        recorder.models.withLock { $0[root] }
    }

    /// The watcher itself.
    var engine: WatchEngine {
        get throws { try #require(made) }
    }

    /// Forgets the events so far.
    func forgetEvents() {
        recorder.models.withLock { models in
            for index in models.indices { models[index].forgetEvents() }
        }
    }

    /// Starts to watch folders below the temporary one (the folder itself by default).
    func watch(
        _ folders: [String] = [""], events openEvents: Bool = true,
        change: (inout WatchOptions) -> Void = { _ in }
    ) throws {
        var options = WatchOptions()
        change(&options)
        rootPaths = folders.map { path.appending($0) }
        recorder.models.withLock { $0 = folders.map { _ in TreeModel() } }
        let recorder = recorder
        let clock = WatchClock(
            monotonic: { recorder.time.withLock { $0 } },
            wall: { WatchClock.system.wall() + recorder.wallOffset.withLock { $0 } })
        made = WatchEngine(
            roots: rootPaths.map { WatchedRoot(path: $0) },
            options: options, pollsUnwatched: true,
            environment: .init(
                events: openEvents ? try events.open() : nil, volumes: volumes, clock: clock,
                isStopped: { false },
                handler: { root, events in
                    recorder.models.withLock { models in
                        for event in events { models[root].fold(event) }
                    }
                }))
        made?.start()
        try rest()
    }

    /// Unmounts as soon as nobody has anything open: what other tests start has this process's files until it runs a
    /// program of its own.
    private static let patience = """
        umount() {
            for i in $(seq 3000); do command umount "$@" 2>/dev/null && return; sleep 0.01; done
            command umount "$@"
        }

        """

    /// Runs shell commands in the folder, the watcher looking on only afterwards.
    func run(_ commands: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let result = try shell(Self.patience + commands, in: path)
        #expect(result.status == 0, "\(result)", sourceLocation: sourceLocation)
    }

    /// Runs shell commands one line after the other, the watcher looking on after each.
    func runStepwise(
        _ commands: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for line in commands.split(separator: "\n") {
            try run(String(line), sourceLocation: sourceLocation)
            try turn()
        }
    }

    /// One turn of the watcher.
    func turn() throws {
        try engine.turn()
    }

    /// Lets the watcher work until there is nothing more to do now.
    func rest() throws {
        var turns = 0
        repeat {
            try engine.turn()
            turns += 1
            try #require(turns < 100_000, "the watcher never comes to rest")
        } while try engine.hasWork
    }

    /// Lets time pass, as the watcher sees it.
    func pass(_ duration: Duration) throws {
        try rest()
        recorder.time.withLock { $0 += duration.nanoseconds }
        try rest()
    }

    /// Sets the wall clock forward or back.
    func stepWallClock(by duration: Duration) {
        recorder.wallOffset.withLock { $0 += duration.nanoseconds }
    }

    /// Lets files settle.
    func settle() throws {
        try pass(.seconds(3))
        try pass(.seconds(3))
    }

    /// The media files that stand in a root, found without the watcher's help.
    func tree(_ root: Int = 0) throws -> Set<FilePath> {
        var found: Set<FilePath> = []
        var pending = [FilePath()]
        while let directory = pending.popLast() {
            let absolute = rootPaths[root].appending(directory.components)
            for name in try FileManager.default.contentsOfDirectory(atPath: absolute.string)
            where !name.hasPrefix(".") && !name.hasSuffix(".tmp") {
                let path = directory.appending(name)
                let status = try FileStatus(at: absolute.appending(name))
                if status.kind == .directory { pending.append(path) }
                let isStill = MediaFormat.stillExtensions.contains(path.extension ?? "")
                if status.kind == .file, isStill { found.insert(path) }
            }
        }
        return found
    }
}
