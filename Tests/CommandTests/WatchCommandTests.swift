import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite struct WatchCommandTests {
        @Test func watchDescribesWhatIsThereAndWhatComes() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "there.png")
            let daemon = try sandbox.watch()
            try await eventually("the first picture") {
                daemon.output.lines.contains { $0.hasPrefix("there.png  ") }
            }
            try sandbox.write(PictureFactory.png(2), to: "new folder/comes.png")
            try await eventually("the second picture") {
                daemon.output.lines.contains { $0.hasPrefix("new folder/comes.png  ") }
            }
            let result = try await daemon.stop()
            #expect(result.status == 0, "\(result)")
            #expect(result.lines.count == 2)
            #expect(result.lines.allSatisfy { $0.hasSuffix("]") })
        }

        @Test(arguments: [SIGTERM, SIGINT]) func watchEndsCleanlyWhileBusy(
            signal: Int32
        ) async throws {
            let sandbox = try Sandbox()
            for number in 0..<1000 {
                try sandbox.write(PictureFactory.png(number), to: FilePath("\(number).png"))
            }
            let daemon = try sandbox.watch()
            try await eventually("it is at work") { daemon.output.lines.count >= 3 }
            // What the issue promises is five seconds; a machine that is busy with other tests
            // gets more, and a daemon that works its queue off first would still fail.
            let result = try await daemon.stop(signal, within: .seconds(15))
            #expect(result.status == 0, "\(result)")
            #expect(result.complaints.isEmpty, "\(result)")
            let reader = try CatalogueReader(sandbox.catalogue)
            #expect(try reader.jobs(in: "leased") == 0)
            #expect(try reader.integrity() == ["ok"])
            #expect(try reader.jobs(in: "queued") > 0, "it should have been busy")
        }

        @Test func secondDaemonOnTheCatalogueIsRefused() async throws {
            let sandbox = try Sandbox()
            let daemon = try sandbox.watch()
            try await eventually("the first is at work") {
                (try? await sandbox.status())?.daemon == daemon.processID
            }
            for subcommand in ["watch", "scan"] {
                let second = try await sandbox.run(
                    ProgramArgument(subcommand), ProgramArgument(sandbox.pictures))
                #expect(second.status == 1, "\(second)")
                #expect(second.complaints.count == 1)
                #expect(
                    second.complaints.first?.contains("\(daemon.processID)") == true, "\(second)")
            }
            #expect(daemon.isRunning)
            #expect(try await daemon.stop().status == 0)
        }

        @Test func pictureThatIsStillBeingWrittenIsDescribedOnceAndWhole() async throws {
            let sandbox = try Sandbox(["VIGNETTE_WATCHING_SETTLE": "3"])
            let daemon = try sandbox.watch()
            try await eventually("it watches") { (try? await sandbox.status()) != nil }
            let data = PictureFactory.bitmap(7, width: 64, height: 64)
            let path = sandbox.pictures.appending("slow.bmp")
            let file = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
            for start in stride(from: 0, to: data.count, by: data.count / 8 + 1) {
                try file.writeAll(data[start..<min(start + data.count / 8 + 1, data.count)])
                try await Task.sleep(for: .milliseconds(200))
            }
            try file.close()
            try await eventually("the picture is described") { !daemon.output.lines.isEmpty }
            let result = try await daemon.stop()
            #expect(result.lines.count == 1, "\(result)")
            #expect(result.complaints.isEmpty, "half a picture was read: \(result)")
            #expect(try await sandbox.show(path)?.error == nil)
        }

        @Test func closedStandardOutputDoesNotEndTheDaemon() async throws {
            let sandbox = try Sandbox()
            for number in 0..<20 {
                try sandbox.write(PictureFactory.png(number), to: FilePath("\(number).png"))
            }
            let script = """
                "$PROGRAM" watch "$1" --catalogue "$CATALOGUE" > >(head -n 1) & daemon=$!
                trap 'kill $daemon 2>/dev/null' EXIT
                for i in $(seq 600); do
                    "$PROGRAM" status --json --catalogue "$CATALOGUE" 2>/dev/null |
                        grep -q '"described":20,' && break
                    sleep 0.1
                done
                kill -TERM $daemon; wait $daemon; echo "status $?"
                """
            let result = try await sandbox.shell(script, arguments: [sandbox.pictures])
            #expect(result.lines.last == "status 0", "\(result)")
            #expect(try await sandbox.status().described == 20, "\(result)")
        }
    }
}
