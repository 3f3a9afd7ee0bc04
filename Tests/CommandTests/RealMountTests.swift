import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// The daemon among real mounts of its own.
    @Suite(.enabled(if: MountNamespace.hasDisks, Comment(rawValue: MountNamespace.requirement)))
    struct RealMountTests {
        /// How often a disk comes and goes; more in long runs.
        private static let rounds =
            ProcessInfo.processInfo.environment["VIGNETTE_SOAK"] == nil ? 3 : 50

        /// Starts the daemon in a mount namespace of its own; `prepare` is run there before it.
        private func watch(
            _ sandbox: Sandbox, _ root: FilePath, prepare: String
        ) throws -> RunningProgram {
            var launch = try sandbox.launch(
                sandbox.onCatalogue(["watch", ProgramArgument(root)]))
            let script = "mount --make-rprivate /; \(prepare); exec \"$@\""
            launch.arguments =
                [
                    "-m", "sh", "-ec", ProgramArgument(script), "sh",
                    ProgramArgument(launch.executable),
                ]
                + launch.arguments
            launch.executable = "/usr/bin/unshare"
            return try RunningProgram(launch)
        }

        /// Runs shell commands among the daemon's mounts.
        private func run(_ commands: String, in sandbox: Sandbox, _ daemon: RunningProgram) throws {
            let enter =
                "nsenter -m -t \(daemon.processID) sh -ec 'cd \"$1\"; \(commands)' sh \"$1\""
            let result = try shell(enter, [ProgramArgument(sandbox.path)])
            #expect(result.status == 0, "\(result)")
        }

        /// An image of a disk with three pictures.
        private func makeDisk(in sandbox: Sandbox) throws {
            for number in 1...3 {
                try PictureFactory.png(number).write(
                    toExactly: sandbox.path.appending("disk-\(number).png"))
            }
            let result = try shell(
                """
                truncate -s 16M disk.img; mkfs.ext4 -q disk.img; mkdir disk
                unshare -m sh -ec 'mount --make-rprivate /; mount -o loop disk.img disk
                    mv disk-*.png disk; umount disk'
                """, in: sandbox.path)
            try #require(result.status == 0, "\(result)")
        }

        @Test func aDiskBelowARootComesAndGoesAndLosesNothing() async throws {
            let sandbox = try Sandbox()
            try makeDisk(in: sandbox)
            try sandbox.write(PictureFactory.png(10), to: "stays.png")
            try sandbox.write(PictureFactory.png(12), to: "goes.png")
            try sandbox.write(PictureFactory.png(11), to: "usb/below.png")
            let daemon = try watch(
                sandbox, sandbox.pictures, prepare: "mount -o loop disk.img pictures/usb")
            try await eventually("all are described") { daemon.output.lines.count == 5 }
            let reader = try CatalogueReader(sandbox.catalogue)
            let runs = try reader.modelRuns()
            var slowest = Duration.zero
            for _ in 0..<Self.rounds {
                try run("umount pictures/usb", in: sandbox, daemon)
                try await eventually("the disk is offline") { try reader.offlineFiles() == 3 }
                let start = ContinuousClock.now
                try run("mount -o loop disk.img pictures/usb", in: sandbox, daemon)
                try await eventually("the disk is back") { try reader.onlineFiles() >= 5 }
                slowest = max(slowest, ContinuousClock.now - start)
            }
            print("A disk was back within \(slowest).")
            // While the disk is away the grace of another file passes, which is forgotten.
            try run("umount pictures/usb; rm pictures/goes.png", in: sandbox, daemon)
            try await eventually("the grace is over") {
                try !reader.files().contains { $0.path.lastComponent == "goes.png" }
            }
            try run("mount -o loop disk.img pictures/usb", in: sandbox, daemon)
            try run("cp pictures/stays.png pictures/usb/new.png", in: sandbox, daemon)
            try await eventually("the new picture is known") {
                try reader.files().contains { $0.path.lastComponent == "new.png" && $0.isDescribed }
            }
            let known = Set(try reader.files().compactMap { $0.path.lastComponent?.string })
            #expect(known.isSuperset(of: ["disk-1.png", "disk-2.png", "disk-3.png", "stays.png"]))
            let left = Set(try reader.modelRuns())
            #expect(
                runs.filter { !left.contains($0) }.count == 1,
                "only the file that was deleted is forgotten")
            #expect(try reader.files().filter(\.isMissing).isEmpty)
            _ = try await daemon.stop()
        }

        @Test func aDiskMountedOverAnEmptyRootIsDescribed() async throws {
            let sandbox = try Sandbox()
            try makeDisk(in: sandbox)
            let daemon = try watch(sandbox, sandbox.pictures, prepare: "true")
            try await eventually("it watches") {
                (try? CatalogueReader(sandbox.catalogue).isMade()) == true
            }
            try run("mount -o loop disk.img pictures", in: sandbox, daemon)
            try await eventually("all are described") { daemon.output.lines.count == 3 }
            let reader = try CatalogueReader(sandbox.catalogue)
            let runs = try reader.modelRuns()
            for _ in 0..<Self.rounds {
                try run("umount pictures", in: sandbox, daemon)
                try await eventually("the disk is offline") { try reader.offlineFiles() == 3 }
                try run("mount -o loop disk.img pictures", in: sandbox, daemon)
                try await eventually("the disk is back") { try reader.onlineFiles() == 3 }
            }
            #expect(try reader.modelRuns() == runs)
            #expect(try reader.files().count == 3)
            _ = try await daemon.stop()
        }
    }
}
