import FileSystem
import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import FolderWatching

/// Real mounts, in a mount namespace of each test's own.
@Suite(.enabled(if: MountNamespace.hasDisks, Comment(rawValue: MountNamespace.requirement)))
struct RealMountTests {
    /// How often things are mounted and unmounted; more in long runs.
    private static let rounds =
        ProcessInfo.processInfo.environment["VIGNETTE_SOAK"] == nil ? 3 : 50

    /// Prepares a root and a disk image with two pictures, and runs a body among mounts of its own.
    private func withDisk(_ body: @escaping @Sendable (EngineHarness) throws -> Void) async throws {
        try await MountNamespace.run {
            let harness = try EngineHarness(volumes: ProcessMounts(table: MountNamespace.table))
            try harness.run(
                """
                mkdir -p root/usb root/a away; touch root/a/0.jpg
                for disk in one two; do
                    truncate -s 16M $disk.img; mkfs.ext4 -q $disk.img
                    mount -o loop $disk.img away; touch away/$disk.jpg away/both.jpg; umount away
                done
                """)
            defer {
                _ = try? shell(
                    "umount -l root root/usb root/a 2>/dev/null || true", in: harness.path)
            }
            try body(harness)
        }
    }

    @Test func aDiskBelowARootComesAndGoes() async throws {
        try await withDisk { harness in
            try harness.run("mount -o loop one.img root/usb")
            try harness.watch(["root"])
            try harness.settle()
            let before = harness.model.files
            #expect(Set(before.keys) == ["a/0.jpg", "usb/one.jpg", "usb/both.jpg"])
            for _ in 0..<Self.rounds {
                try harness.run("umount root/usb")
                try harness.settle()
                #expect(harness.model.onlinePaths == ["a/0.jpg"])
                #expect(harness.model.paths == Set(before.keys))
                try harness.run("mount -o loop one.img root/usb")
                try harness.settle()
                #expect(harness.model.onlinePaths == Set(before.keys))
            }
            for (path, status) in harness.model.files {
                #expect(before[path]?.isUnchanged(in: status) == true)
            }
            #expect(harness.model.strays.isEmpty)
            try harness.run("touch root/usb/new.jpg")
            try harness.settle()
            #expect(harness.model.onlinePaths.contains("usb/new.jpg"))
        }
    }

    @Test func anotherDiskAtTheSamePlaceSaysNothingOfTheFirst() async throws {
        try await withDisk { harness in
            try harness.run("mount -o loop one.img root/usb")
            try harness.watch(["root"])
            try harness.settle()
            for disk in ["two", "one", "two"] {
                // At once, so that device and mount get their numbers again.
                try harness.run("umount root/usb; mount -o loop \(disk).img root/usb")
                try harness.settle()
                #expect(
                    harness.model.onlinePaths
                        == ["a/0.jpg", "usb/both.jpg", FilePath("usb/\(disk).jpg")])
            }
            #expect(harness.model.paths.contains("usb/one.jpg"))
            #expect(harness.model.strays.isEmpty)
        }
    }

    @Test func somethingMountedOverAnEmptyRootIsSeen() async throws {
        try await withDisk { harness in
            try harness.run("mkdir empty")
            try harness.watch(["empty"])
            try harness.settle()
            try harness.run("mount -o loop one.img empty")
            try harness.settle()
            #expect(harness.model.onlinePaths == ["one.jpg", "both.jpg"])
            try harness.run("umount empty; mount -t tmpfs none empty; touch empty/t.jpg")
            try harness.settle()
            #expect(harness.model.onlinePaths == ["t.jpg"])
            #expect(harness.model.paths == ["one.jpg", "both.jpg", "t.jpg"])
            try harness.run("umount empty")
            try harness.settle()
            #expect(harness.model.onlinePaths.isEmpty)
            #expect(harness.model.paths.count == 3)
        }
    }

    @Test func aRootThatIsAMountComesAndGoes() async throws {
        try await withDisk { harness in
            try harness.run("mount -o loop one.img away")
            try harness.watch(["away"])
            try harness.settle()
            for _ in 0..<Self.rounds {
                try harness.run("umount away")
                try harness.settle()
                #expect(harness.model.onlinePaths.isEmpty)
                try harness.run("mount -o loop one.img away")
                try harness.settle()
                #expect(harness.model.onlinePaths == ["one.jpg", "both.jpg"])
            }
            #expect(harness.model.strays.isEmpty)
            try harness.run("rm away/one.jpg")
            try harness.settle()
            #expect(harness.model.paths == ["both.jpg"])
            try harness.run("umount away")
        }
    }

    @Test func filesBelowAnOverMountedFolderStayKnown() async throws {
        try await withDisk { harness in
            try harness.watch(["root"])
            try harness.settle()
            try harness.run("mount -t tmpfs none root/a")
            try harness.settle()
            #expect(harness.model.paths == ["a/0.jpg"])
            try harness.run("umount root/a; touch root/a/1.jpg")
            try harness.settle()
            #expect(harness.model.onlinePaths == ["a/0.jpg", "a/1.jpg"])
        }
    }

    @Test func bindingAFolderToItsOwnPlaceChangesNothing() async throws {
        try await withDisk { harness in
            try harness.watch(["root"])
            try harness.settle()
            harness.forgetEvents()
            try harness.run("mount --bind root/a root/a; mount --bind root root")
            try harness.settle()
            #expect(harness.model.volumes.count == 1)
            #expect(harness.model.paths == ["a/0.jpg"])
            #expect(harness.model.strays.isEmpty)
            try harness.run("umount root; umount root/a")
        }
    }

    @Test func aSleepingWatcherWakesUpForAMount() async throws {
        try await withDisk { harness in
            let model = Mutex(TreeModel())
            var options = WatchOptions()
            options.settleTime = .milliseconds(50)
            let watcher = try FolderWatcher(
                roots: [WatchedRoot(path: harness.path.appending("root"))], options: options,
                openEvents: { () throws(Errno) in try Inotify() },
                volumes: ProcessMounts(table: MountNamespace.table), clock: .system
            ) { _, events in
                model.withLock { model in
                    for event in events { model.fold(event) }
                }
            }
            let ended = DispatchSemaphore(value: 0)
            // It shares the mounts of the thread that starts it.
            Thread {
                try? watcher.run()
                ended.signal()
            }.start()
            let wait = { (condition: (TreeModel) -> Bool) in
                for _ in 0..<3000 {
                    if model.withLock({ condition($0) }) { return true }
                    usleep(10_000)
                }
                return false
            }
            #expect(wait { $0.paths == ["a/0.jpg"] })
            var slowest = Duration.zero
            for _ in 0..<Self.rounds {
                let start = ContinuousClock.now
                try harness.run("mount -o loop one.img root/usb")
                #expect(wait { $0.onlinePaths.count == 3 })
                slowest = max(slowest, ContinuousClock.now - start)
                try harness.run("umount root/usb")
                #expect(wait { $0.onlinePaths.count == 1 })
            }
            #expect(model.withLock { $0.paths.count } == 3)
            print("A mount and its pictures were noticed within \(slowest).")
            watcher.stop()
            ended.wait()
        }
    }
}
