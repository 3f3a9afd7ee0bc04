import NIOHTTP1
import Foundation
import Synchronization
import SystemPackage
import TestHub
import TestSupport
import Testing

extension SystemTests {
    /// Killed at any byte, out of room at any byte: the next pull goes on from there.
    @Suite struct ModelPullCrashTests {
        /// What the program notes together.
        private static let blockBytes = 1 << 20

        /// Lets so many bytes of weights out, then holds every connection.
        private static func hold(_ hub: TestHub, after bytes: Int) {
            let left = Mutex(bytes)
            hub.setFault { request, response in
                guard request.host == .storage else { return }
                let granted = left.withLock { left in
                    let granted = min(left, response.body.count)
                    left -= granted
                    return granted
                }
                if granted < response.body.count { response.ending = .stalled(after: granted) }
            }
        }

        /// Blocks that the journals of a partial download have noted, by file.
        private static func notedBlocks(_ partial: FilePath) -> [String: Set<Int>] {
            let folder = partial.appending("journals")
            return FileTree.walk(folder).reduce(into: [:]) { noted, entry in
                guard entry.type == S_IFREG, let data = try? Data(exactly: entry.path) else {
                    return
                }
                let lines = String(decoding: data, as: UTF8.self).split(
                    separator: "\n", omittingEmptySubsequences: false)
                // The last line is cut or empty.
                let blocks = lines.dropFirst().dropLast().compactMap {
                    $0.split(separator: " ").first.flatMap { Int($0) }
                }
                noted[String(entry.path.string.dropFirst(folder.string.count + 1))] = Set(blocks)
            }
        }

        @Test func killedAtAnyByteItGoesOnWithoutFetchingAgainWhatItHad() async throws {
            let repository = try ModelWorld.largeRepository()
            let world = try ModelWorld()
            world.hub.serve(repository)
            let partial = world.models.appending("large.partial")
            var generator = SeededGenerator(seed: 9)
            for round in 0..<4 {
                Self.hold(
                    world.hub, after: Int.random(in: 1_500_000...3_200_000, using: &generator))
                world.hub.forgetRequests()
                let program = try world.start("pull", "owner/large")
                try await eventually("round \(round): \(program.errors.text)") {
                    // The last kill comes when there is something to keep, at whatever speed.
                    round < 3
                        ? world.hub.requests.contains { $0.host == .storage }
                        : !Self.notedBlocks(partial).values.allSatisfy(\.isEmpty)
                }
                try await Task.sleep(
                    for: .milliseconds(Int.random(in: 0...300, using: &generator)))
                program.send(SIGKILL)
                #expect(try await program.result().ending == .signalled(SIGKILL))
                #expect(
                    !FileManager.default.fileExists(atPath: world.models.appending("large").string))
            }
            let noted = Self.notedBlocks(partial)
            world.hub.setFault(nil)
            world.hub.forgetRequests()
            let result = try await world.run("pull", "owner/large")
            #expect(result.status == 0, "\(result)")
            for (name, blocks) in noted {
                let data = try #require(repository.files[name])
                let digest = TestRepository.digest(of: data, at: name)
                for request in world.hub.requests
                where request.host == .storage && request.target.contains(digest) {
                    let range = request.range(of: data.count) ?? 0..<data.count
                    let asked =
                        range.lowerBound
                        / Self.blockBytes..<(range.upperBound + Self.blockBytes - 1)
                        / Self.blockBytes
                    #expect(blocks.isDisjoint(with: asked), "\(name) \(range): \(blocks)")
                }
            }
            for (name, data) in repository.files where name.hasSuffix(".safetensors") {
                #expect(try Data(exactly: world.models.appending("large/\(name)")) == data)
            }
        }

        @Test(.enabled("a file system can be mounted") { FullDiskTests.canMount })
        func fullDiskIsOneClearLineAndTheNextPullGoesOn() async throws {
            let world = try ModelWorld()
            world.hub.serve(try ModelWorld.largeRepository())
            let gate = world.sandbox.path.appending("gate")
            // The first part of each file comes only when the disk has been filled.
            world.hub.setFault { request, response in
                guard request.host == .storage else { return }
                if !FileManager.default.fileExists(atPath: gate.string) {
                    response = TestResponse(.serviceUnavailable, ["Retry-After": "1"])
                }
            }
            let script = """
                mkdir small && mount -t tmpfs -o size=100m tmpfs small
                export XDG_DATA_HOME=$PWD/small
                "$PROGRAM" model pull owner/large 2>first & pull=$!
                trap 'kill -9 $pull 2>/dev/null' EXIT
                for i in $(seq 300); do grep -q "trying again" first && break; sleep 0.1; done
                head -c 93m /dev/zero >small/filler; touch "$1"
                wait $pull; echo "status $?"; tail -n 1 first
                ls small/vignette/models
                rm small/filler
                "$PROGRAM" model pull owner/large 2>second; echo "status $?"
                ls small/vignette/models
                """
            let inner = world.sandbox.path.appending("script.sh")
            try Data(script.utf8).write(toExactly: inner)
            let result = try await world.sandbox.shell(
                "unshare -rm bash \"$1\" \"$2\"", arguments: [inner, gate])
            #expect(result.lines.first == "status 1", "\(result)")
            #expect(result.text.contains("there is no room to write"), "\(result)")
            #expect(result.lines.contains("large.partial"), "\(result)")
            #expect(result.lines.contains("status 0"), "\(result)")
            #expect(result.lines.last == "large", "\(result)")
        }
    }
}
