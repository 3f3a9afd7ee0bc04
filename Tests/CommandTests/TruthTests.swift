import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Whatever happens to the folders, the catalogue in the end says what is there.
    @Suite struct TruthTests {
        /// Random changes before, during and after the pause, in all.
        static let operations = Soak.isOn ? 100_000 : 2500
        /// Each is another order of changes; `VIGNETTE_SEEDS=7,8` runs these alone.
        static let seeds: [UInt64] =
            Soak.seeds ?? (Soak.isOn ? Array(1...10) : [20_000])
        /// Changes in a minute, so that the daemon works beside them rather than after them.
        static let pace = Duration.microseconds(Soak.isOn ? 600 : 3000)
        /// How soon after the last change the catalogue is to say what is there.
        static let patience = Duration.seconds(Soak.isOn ? 30 : 180)
        /// Few pictures for many files, so that copies are common; the model runs at most so often.
        static let pictures = (0..<200).map {
            $0.isMultiple(of: 2) ? PictureFactory.bitmap($0) : PictureFactory.png($0)
        }

        @Test(arguments: seeds)
        func catalogueEqualsTheTreeAfterRandomChangesAndALostQueue(seed: UInt64) async throws {
            let sandbox = try Sandbox(["VIGNETTE_LOG_LEVEL": "debug"])
            let roots = [sandbox.path.appending("first"), sandbox.path.appending("second")]
            for root in roots { _ = root.withPlatformString { mkdir($0, 0o755) } }
            var churn = TreeChurn(roots: roots, pictures: Self.pictures, seed: seed)
            let daemon = try sandbox.watch(roots)
            try await eventually("the catalogue is made") {
                (try? await sandbox.status()) != nil
            }

            let start = ContinuousClock.now
            let paced = Self.operations * 3 / 10
            try await Self.run(&churn, paced)
            daemon.send(SIGSTOP)
            Self.overflow(&churn, after: paced)
            daemon.send(SIGCONT)
            try await Self.run(&churn, paced)

            let quiet = ContinuousClock.now
            let truth = TreeTruth(
                folders: roots.map { .init(tree: $0, root: $0) }, pictures: Set(Self.pictures))
            let hasSettled = try await Self.settle(sandbox, truth)
            print(
                """
                Seed \(seed): \(churn.operations) changes in \(quiet - start); \
                catalogue and tree agree \(ContinuousClock.now - quiet) after the last.
                """)
            #expect(hasSettled, "rest and agreement within \(Self.patience)")
            #expect(daemon.isRunning)
            #expect(churn.operations >= Self.operations)
            let scans = daemon.errors.lines.filter { $0.hasSuffix(": looking through") }.count
            #expect(scans > roots.count, "the queue should have overflowed")
            let whole = try truth.check(CatalogueReader(sandbox.catalogue))
            #expect(whole > 50, "the test should leave pictures behind")
            let result = try await daemon.stop()
            #expect(result.status == 0, "\(result)")
            #expect(try CatalogueReader(sandbox.catalogue).integrity() == ["ok"])
        }

        /// Changes at a pace that a daemon can follow.
        private static func run(_ churn: inout TreeChurn, _ count: Int) async throws {
            let start = ContinuousClock.now
            for step in 0..<count {
                churn.step()
                let due = start + pace * step
                if due > ContinuousClock.now + .milliseconds(5) {
                    try await Task.sleep(until: due, clock: .continuous)
                }
            }
        }

        /// Changes while nobody reads the queue, in the end so many that it overflows.
        private static func overflow(_ churn: inout TreeChurn, after count: Int) {
            for _ in 0..<count { churn.step() }
            let text = try? String(
                contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8)
            let limit = Int(text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "") ?? 16384
            churn.storm(events: limit + 1000)
        }

        /// Waits until daemon and tree have come to rest and agree.
        ///
        /// - Returns: Whether they have in time; otherwise it is left to others to see why not.
        private static func settle(_ sandbox: Sandbox, _ truth: TreeTruth) async throws -> Bool {
            let reader = try CatalogueReader(sandbox.catalogue)
            do {
                try await eventually("rest and agreement", within: patience, every: patience / 300)
                {
                    guard try await sandbox.status().isAtRest else { return false }
                    return try truth.agrees(with: reader)
                }
                return true
            } catch is NeverHappened {
                return false
            }
        }
    }
}
