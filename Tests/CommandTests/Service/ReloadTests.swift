import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// `systemctl reload`: a service manager sends SIGHUP and hears when that is over.
    @Suite struct ReloadTests {
        private static func configure(_ sandbox: Sandbox, _ folders: [String], _ more: String = "")
            throws
        {
            let list = folders.map { sandbox.path.appending($0).string }.joined(separator: ", ")
            try sandbox.configure("folders: [\(list)]\n" + more)
        }

        private static func start(_ sandbox: Sandbox) throws -> (RunningProgram, NotificationSocket)
        {
            let socket = try NotificationSocket(at: sandbox.path.appending("notify"))
            let launch = try sandbox.launch(
                sandbox.onCatalogue(["watch"]), settings: ["NOTIFY_SOCKET": socket.path.string])
            return (try RunningProgram(launch), socket)
        }

        @Test func newFolderIsWatchedAndWorkGoesOn() async throws {
            let sandbox = try Sandbox()
            for number in 1...8 {
                try sandbox.write(PictureFactory.png(number), to: FilePath("\(number).png"))
            }
            try FileManager.default.createDirectory(
                atPath: sandbox.path.appending("more").string, withIntermediateDirectories: true)
            try PictureFactory.png(9).write(toExactly: sandbox.path.appending("more/9.png"))
            try Self.configure(sandbox, ["pictures"])
            let (daemon, socket) = try Self.start(sandbox)
            try await eventually("it has begun") { !daemon.output.lines.isEmpty }
            try Self.configure(sandbox, ["pictures", "more"])
            daemon.send(SIGHUP)
            try await eventually("all nine are described") { Set(daemon.output.lines).count == 9 }
            let messages = socket.messages
            #expect(messages.filter { $0 == "READY=1" }.count == 2, "\(messages)")
            #expect(
                messages.contains("RELOADING=1") && !messages.contains("STOPPING=1"), "\(messages)")
            let result = try await daemon.stop()
            #expect(result.status == 0, "\(result)")
            #expect(result.lines.count == 9, "each is described once: \(result)")
            #expect(socket.messages.contains("STOPPING=1"))
        }

        @Test func wrongConfigurationChangesNothing() async throws {
            let sandbox = try Sandbox()
            try Self.configure(sandbox, ["pictures"])
            let (daemon, socket) = try Self.start(sandbox)
            try await eventually("it is ready") { socket.messages.contains("READY=1") }
            try Self.configure(sandbox, ["pictures"], "no-such-key: 1\n")
            daemon.send(SIGHUP)
            try await eventually("it says so") { daemon.errors.text.contains("no-such-key") }
            try sandbox.write(PictureFactory.png(1), to: "boat.png")
            try await eventually("it goes on") { daemon.output.lines.count == 1 }
            #expect(socket.messages.filter { $0 == "READY=1" }.count == 2)
            #expect(try await daemon.stop().status == 0)
        }

        /// Whoever closes a terminal does not want what ran in it to go on.
        @Test func hangUpOfATerminalStillEnds() async throws {
            let sandbox = try Sandbox()
            let daemon = try sandbox.watch()
            try await eventually("it is at work") {
                try await sandbox.run("status").text.contains("at work")
            }
            daemon.send(SIGHUP)
            #expect(try await daemon.result(within: .seconds(20)).status != 0)
        }
    }
}
