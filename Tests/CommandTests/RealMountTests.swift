import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// The daemon among real mounts of its own.
    @Suite(.enabled(if: MountNamespace.hasDisks, Comment(rawValue: MountNamespace.requirement)))
    struct RealMountTests {
        /// How often a disk comes and goes; more in long runs.
        private static let rounds = Soak.isOn ? 50 : 2

        /// Where the disk is mounted.
        enum Place: String, CaseIterable, Sendable {
            case belowARoot, onTheRoot, overAnEmptyRoot

            var point: String { self == .belowARoot ? "pictures/usb" : "pictures" }

            /// What happens before the daemon starts.
            var preparation: String {
                self == .overAnEmptyRoot
                    ? "true" : "mkdir -p \(point); mount -o loop disk.img \(point)"
            }
        }

        /// What the daemon does meanwhile.
        enum Activity: String, CaseIterable, Sendable { case resting, working }

        @Test(arguments: Place.allCases, Activity.allCases)
        func aDiskThatComesAndGoesLosesNothing(place: Place, activity: Activity) async throws {
            let sandbox = try Sandbox()
            try MountedDaemon.makeDisk(in: sandbox, pictures: [1, 2, 3])
            if place == .belowARoot {
                try sandbox.write(PictureFactory.png(10), to: "stays.png")
            }
            let world = try MountedDaemon(
                sandbox, diskAt: place.point, prepare: place.preparation)
            let others = place == .belowARoot ? 1 : 0
            try await watching(world)
            if place == .overAnEmptyRoot { try world.mount() }
            try await eventually("all are described") {
                world.daemon.output.lines.count == 3 + others
            }
            let reader = try CatalogueReader(sandbox.catalogue)
            var known = KnownRows(try reader.fileNumbers(), try reader.modelRuns())
            var slowest = Duration.zero
            var next = 100
            for round in 0..<Self.rounds {
                if activity == .working {
                    for number in next..<next + 4 { try world.add(number) }
                    next += 4
                    // At times before the first is seen, at times when one is in hand.
                    if round.isMultiple(of: 2) {
                        try await eventually("work begins") {
                            world.daemon.output.lines.count > 3 + others + (next - 104)
                        }
                    }
                }
                try world.unmount()
                try await eventually("the disk is offline") {
                    try reader.onlineFiles() == others && reader.offlineFiles() >= 3
                }
                try known.check(try reader.fileNumbers(), try reader.modelRuns())
                let start = ContinuousClock.now
                try world.mount()
                try await eventually("the disk is back") { try reader.offlineFiles() == 0 }
                slowest = max(slowest, ContinuousClock.now - start)
                try await eventually("all are described") {
                    world.daemon.output.lines.count >= 3 + others + (next - 100)
                }
                try known.check(try reader.fileNumbers(), try reader.modelRuns())
            }
            print("\(place), \(activity): \(Self.rounds) times, back within \(slowest).")
            try await expectRest(world, pictures: 3 + others + (next - 100))
        }

        /// Nothing but what was deleted is forgotten, though the grace of everything on the disk passes.
        @Test func whatIsDeletedBesideALostDiskIsForgottenAlone() async throws {
            let sandbox = try Sandbox()
            try MountedDaemon.makeDisk(in: sandbox, pictures: [1, 2, 3])
            try sandbox.write(PictureFactory.png(10), to: "stays.png")
            try sandbox.write(PictureFactory.png(12), to: "goes.png")
            try sandbox.write(PictureFactory.png(11), to: "usb/below.png")
            let world = try MountedDaemon(
                sandbox, diskAt: "pictures/usb", prepare: "mount -o loop disk.img pictures/usb")
            try await eventually("all are described") { world.daemon.output.lines.count == 5 }
            let reader = try CatalogueReader(sandbox.catalogue)
            let runs = try reader.modelRuns()
            try world.unmount()
            try world.run("rm pictures/goes.png")
            try await eventually("the grace is over") {
                try !reader.files().contains { $0.path.lastComponent == "goes.png" }
            }
            try world.mount()
            try world.run("cp pictures/stays.png pictures/usb/new.png")
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
            #expect(try await world.daemon.stop().status == 0)
        }

        private func watching(_ world: MountedDaemon) async throws {
            try await eventually("it watches") {
                (try? CatalogueReader(world.sandbox.catalogue).isMade()) == true
            }
        }

        /// Every picture was described once, and nothing is left in anybody's hands.
        private func expectRest(_ world: MountedDaemon, pictures: Int) async throws {
            let reader = try CatalogueReader(world.sandbox.catalogue)
            try await eventually("nothing is left to do") {
                try reader.jobs(in: "done") == pictures
            }
            let result = try await world.daemon.stop()
            #expect(result.status == 0, "\(result)")
            #expect(result.lines.count == pictures, "each is described once")
            #expect(try reader.files().filter(\.isMissing).isEmpty)
            #expect(try reader.leased() == 0)
            #expect(try reader.integrity() == ["ok"])
        }
    }
}

/// Rows that must stay as they are.
private struct KnownRows {
    private var files: Set<Int64>
    private var runs: Set<String>

    init(_ files: Set<Int64>, _ runs: [String]) {
        self.files = files
        self.runs = Set(runs)
    }

    /// Holds that all are left, and takes in those that came.
    mutating func check(_ files: Set<Int64>, _ runs: [String]) throws {
        #expect(self.files.subtracting(files).isEmpty, "files were forgotten")
        #expect(self.runs.subtracting(runs).isEmpty, "descriptions were lost or made again")
        self.files = files
        self.runs = Set(runs)
    }
}
