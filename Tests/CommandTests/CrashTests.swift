import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// A kill at any moment repeats work and loses none.
    @Suite struct CrashTests {
        static let kills = Soak.isOn ? 500 : 60

        @Test func nothingThatWasToldIsLostInManyKills() async throws {
            let sandbox = try Sandbox([
                "VIGNETTE_WATCHING_SETTLE": "0.05", "VIGNETTE_RESOURCES_DECODERS": "1",
            ])
            var album = GrowingAlbum(sandbox: sandbox)
            var told = ToldDescriptions()
            var random = SeededGenerator(seed: 200)
            for kill in 0..<Self.kills {
                try album.change()
                let daemon = try sandbox.watch()
                // One kill in four while it starts, the others while it works.
                if !kill.isMultiple(of: 4) { try? await Self.beginsToTell(daemon) }
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...250, using: &random)))
                let children = ProcessFacts(processID: daemon.processID).children
                let result = try await daemon.stop(SIGKILL)
                #expect(result.ending == .signalled(SIGKILL), "\(result)")
                try told.note(lines: result.lines)
                try told.checkCatalogue(sandbox)
                try await Self.expectNoOrphans(children)
            }
            #expect(told.captions.count > Self.kills / 4, "the kills should hit it at work")
            try await finish(sandbox, &told)
        }

        /// One more run, to the end.
        private func finish(_ sandbox: Sandbox, _ told: inout ToldDescriptions) async throws {
            let present = Set(
                FileTree.walk(sandbox.pictures).filter { $0.type == S_IFREG }.map(\.path))
            let daemon = try sandbox.watch()
            var status = try await sandbox.status()
            try await eventually(
                "\(present.count) files are described: \(status)", within: .seconds(180)
            ) {
                status = try await sandbox.status()
                return status.isAtRest && status.described == present.count
            }
            let result = try await daemon.stop()
            #expect(result.status == 0, "\(result)")
            try told.note(lines: result.lines)
            try told.checkCatalogue(sandbox)
            let reader = try CatalogueReader(sandbox.catalogue)
            #expect(try reader.integrity() == ["ok"])
            #expect(try reader.jobs(in: "leased") == 0)
            #expect(try Set(reader.files().map(\.path)) == present)
            #expect(told.repeats == 0, "a described picture was described again")
            for name in told.sample(5) {
                let shown = try await sandbox.show(sandbox.pictures.appending(name))
                let captions = shown?.descriptions.map(\.text) ?? []
                #expect(captions.contains(told.captions[name] ?? ""), "\(name)")
            }
        }

        private static func beginsToTell(_ daemon: RunningProgram) async throws {
            try await eventually("a first line", within: .seconds(5), every: .milliseconds(2)) {
                !daemon.output.data.isEmpty
            }
        }

        /// A decoding child ends with its daemon, however that ended.
        private static func expectNoOrphans(_ children: [pid_t]) async throws {
            try await eventually("decoding children end", within: .seconds(20)) {
                children.allSatisfy { !ProcessFacts(processID: $0).isAlive }
            }
        }
    }
}

/// Pictures that come and change between the kills.
private struct GrowingAlbum {
    let sandbox: Sandbox
    private var count = 0

    init(sandbox: Sandbox) { self.sandbox = sandbox }

    mutating func change() throws {
        for _ in 0..<3 {
            try sandbox.write(
                PictureFactory.png(count), to: FilePath("\(count % 7)/picture-\(count).png"))
            count += 1
        }
        // A copy of an old picture and a move of another, neither of which is to be described.
        try sandbox.write(
            PictureFactory.png(count / 2), to: FilePath("copies/copy-\(count).png"))
        let old = sandbox.pictures.appending("copies/copy-\(count - 3).png")
        let new = sandbox.pictures.appending("copies/moved-\(count - 3).png")
        _ = old.withPlatformString { from in new.withPlatformString { rename(from, $0) } }
    }
}

/// What the daemon has told the world before it was killed.
private struct ToldDescriptions {
    /// Captions by the relative path in the line.
    private(set) var captions: [String: String] = [:]
    /// Times at which assets were described, as the catalogue said after each kill.
    private var moments: Set<String> = []
    /// Lines of pictures that an earlier line had told of.
    private(set) var repeats = 0

    mutating func note(lines: [String]) throws {
        for line in lines {
            let parts = line.components(separatedBy: "  ")
            try #require(parts.count >= 3, "a line has path, caption and tags: \(line)")
            let caption = parts[1..<(parts.count - 1)].joined(separator: "  ")
            if captions.updateValue(caption, forKey: parts[0]) != nil { repeats += 1 }
        }
    }

    /// Everything told is in the catalogue, and what it had it still has unchanged.
    mutating func checkCatalogue(_ sandbox: Sandbox) throws {
        guard let reader = try? CatalogueReader(sandbox.catalogue), try reader.isMade() else {
            // Killed before the catalogue was made.
            #expect(captions.isEmpty)
            return
        }
        let now = try Set(reader.modelRuns())
        #expect(moments.subtracting(now).isEmpty, "descriptions were lost or made again")
        moments = now
        let described = try Set(reader.files().filter(\.isDescribed).map(\.path))
        let lost = captions.keys.filter {
            let path = sandbox.pictures.appending($0)
            // Copies move on; their pictures are told of by their first names.
            return !$0.hasPrefix("copies/") && !described.contains(path)
        }
        #expect(lost.isEmpty)
    }

    func sample(_ count: Int) -> [String] {
        Array(captions.keys.filter { !$0.hasPrefix("copies/") }.sorted().prefix(count))
    }
}
