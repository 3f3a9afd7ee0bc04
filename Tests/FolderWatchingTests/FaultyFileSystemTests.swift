import FileSystem
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import FolderWatching

/// File systems that make inode numbers up and whose looks fail now and then.
@Suite(.enabled(if: MountNamespace.hasUserSpace, Comment(rawValue: MountNamespace.requirement)))
struct FaultyFileSystemTests {
    /// How often forty changes are made and followed up; 20,000 changes in long runs.
    private static let rounds =
        ProcessInfo.processInfo.environment["VIGNETTE_SOAK"] == nil ? 6 : 500

    /// Shows `source` at `shown` by way of a file system whose looks fail as often as `control` says.
    private func withFaultyFileSystem(
        _ body: @escaping @Sendable (EngineHarness) throws -> Void
    ) async throws {
        let program = try BuildProducts.program("faulty-file-system")
        try await MountNamespace.run {
            let harness = try EngineHarness(volumes: ProcessMounts(table: MountNamespace.table))
            try harness.run("mkdir -p source/r source/s shown; echo 0 > control")
            try Self.mount(harness, program)
            defer { _ = try? shell("umount -l shown", in: harness.path) }
            try body(harness)
        }
    }

    private static func mount(_ harness: EngineHarness, _ program: FilePath) throws {
        try harness.run(
            """
            '\(program)' source shown control </dev/null >/dev/null 2>&1 &
            for i in $(seq 500); do mountpoint -q shown && exit 0; sleep 0.02; done; exit 1
            """)
    }

    @Test func filesWithNewInodeNumbersAreTheSameFiles() async throws {
        let program = try BuildProducts.program("faulty-file-system")
        try await withFaultyFileSystem { harness in
            try harness.run("touch -d '3 days ago' source/r/1.jpg source/r/2.jpg")
            try harness.watch(["shown/r"])
            try harness.settle()
            let before = harness.model.files
            #expect(Set(before.keys) == ["1.jpg", "2.jpg"])
            try harness.run("umount shown")
            try harness.settle()
            #expect(harness.model.onlinePaths.isEmpty)
            try Self.mount(harness, program)
            try harness.pass(.seconds(61))
            try harness.settle()
            #expect(harness.model.onlinePaths == ["1.jpg", "2.jpg"])
            for (path, status) in harness.model.files {
                #expect(before[path]?.isUnchanged(in: status) == true)
            }
        }
    }

    /// The poll comes before the look is repeated, and finds the folder as it was.
    @Test func pollAfterAFailedLookForgetsNoFile() async throws {
        try await withFaultyFileSystem { harness in
            try harness.run("touch source/r/1.jpg")
            try harness.watch(["shown/r"]) { $0.pollInterval = .milliseconds(2500) }
            try harness.run("echo 1 > control")
            try harness.pass(.milliseconds(2200))
            try harness.run("echo 0 > control")
            #expect(harness.model.paths.isEmpty)
            try harness.pass(.milliseconds(400))
            try harness.settle()
            #expect(harness.model.paths == ["1.jpg"])
        }
    }

    /// However many looks fail: nothing is ever taken for gone that is there, and at rest the events
    /// amount to what stands on disk.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func failingLooksLoseNothing(seed: UInt64) async throws {
        try await withFaultyFileSystem { harness in
            try harness.run("touch source/r/keep.jpg; mkdir source/r/k; touch source/r/k/keep.jpg")
            var tree = RandomTree(
                root: harness.path.appending("source"), generator: SeededGenerator(seed: seed))
            for _ in 0..<50 { tree.step() }
            try harness.watch(["shown/r", "shown/s"])
            try harness.settle()
            for _ in 0..<Self.rounds {
                try harness.run("echo 10 > control")
                harness.forgetEvents()
                for _ in 0..<40 {
                    tree.step()
                    try harness.turn()
                    if Bool.random(using: &tree.generator) { try harness.pass(.seconds(20)) }
                }
                for event in harness.model(0).events {
                    Self.expectNothingKeptIsGone(event)
                }
                try harness.run("echo 0 > control")
                for _ in 0..<4 { try harness.pass(.seconds(62)) }
                try harness.settle()
                for root in 0...1 {
                    #expect(harness.model(root).paths == (try harness.tree(root)))
                    #expect(harness.model(root).strays.isEmpty)
                }
            }
        }
    }

    private static func expectNothingKeptIsGone(_ event: WatchEvent) {
        switch event {
        case .absent(let path, _): #expect(!["keep.jpg", "k", "k/keep.jpg"].contains(path))
        case .listing(let listing) where listing.directory.isEmpty:
            let names = listing.files.map(\.name) + listing.unknown + listing.subdirectories
            #expect(names.contains("keep.jpg") && names.contains("k"))
        case .listing(let listing) where listing.directory == "k":
            let names = listing.files.map(\.name) + listing.unknown
            #expect(names.contains("keep.jpg"))
        default: break
        }
    }
}
