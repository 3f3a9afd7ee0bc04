import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// The daemon over a file system of which one look in ten fails, with `EIO`, `ESTALE`, `ENOTCONN`
    /// or `EACCES`, and whose inode numbers and change times are new at each look.
    @Suite(.enabled(if: MountNamespace.hasUserSpace, Comment(rawValue: MountNamespace.requirement)))
    struct FaultyFileSystemTests {
        /// How often changes and rest take turns.
        private static let rounds = Soak.isOn ? 10 : 1
        /// Changes in each round.
        private static let changes = Soak.isOn ? 2000 : 400
        private static let pace = Duration.milliseconds(5)
        private static let pictures = (0..<200).map { PictureFactory.png($0) }
        /// Pictures that stay as they are, of contents of their own.
        private static let kept = (1000..<1040).map { $0 }

        @Test func failingLooksLoseNothingAndLeaveNothingInHand() async throws {
            let sandbox = try Sandbox([
                "VIGNETTE_WATCHING_POLL": "1", "VIGNETTE_WATCHING_GRACE": "2",
            ])
            let world = try FaultyDaemon(sandbox, folders: ["first", "second"])
            let truth = TreeTruth(folders: world.folders, pictures: Set(Self.pictures))
            for number in Self.kept {
                let folder = world.folders[number % 2].tree.appending("kept \(number % 3)")
                try FileManager.default.createDirectory(
                    atPath: folder.string, withIntermediateDirectories: true)
                try PictureFactory.png(number).write(
                    toExactly: folder.appending("kept-\(number).png"))
            }
            try await eventually("what is there is described") {
                world.daemon.output.lines.count == Self.kept.count
            }
            let reader = try CatalogueReader(sandbox.catalogue)
            let kept = try reader.described(named: "kept-")
            #expect(kept.count == Self.kept.count)

            var churn = TreeChurn(
                roots: world.folders.map(\.tree), pictures: Self.pictures, seed: 7)
            for round in 0..<Self.rounds {
                try world.failOneLook(in: 10)
                for _ in 0..<Self.changes {
                    churn.step()
                    try await Task.sleep(for: Self.pace)
                }
                try world.failOneLook(in: 0)
                try await rest(world, truth)
                // What could not be read three times has failed until somebody asks again.
                try truth.check(reader) { $0.contains("cannot be read") }
                #expect(try await sandbox.run("retry", "--all").status == 0)
                try await rest(world, truth)
                #expect(try truth.check(reader) > 20, "the test should leave pictures behind")
                #expect(try reader.described(named: "kept-") == kept, "round \(round)")
            }

            let keptLines = world.daemon.output.lines.filter { $0.contains("kept-") }
            #expect(keptLines.count == Self.kept.count, "nothing that stays is described again")
            let result = try await world.daemon.stop()
            #expect(result.status == 0, "\(result)")
            #expect(try reader.integrity() == ["ok"])
            print("\(churn.operations) changes, \(result.lines.count) descriptions")
        }

        private func rest(_ world: FaultyDaemon, _ truth: TreeTruth) async throws {
            let reader = try CatalogueReader(world.sandbox.catalogue)
            let start = ContinuousClock.now
            try? await eventually("rest", within: .seconds(240), every: .milliseconds(200)) {
                guard try await world.sandbox.status().isAtRest else { return false }
                return try truth.agrees(with: reader)
            }
            print("At rest after \(ContinuousClock.now - start).")
        }
    }
}
