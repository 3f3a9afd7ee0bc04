import Catalogue
import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

/// The built program, as people and systemd start it.
@Suite struct ServeProgramTests {
    private let library: PageLibrary

    init() throws {
        library = try PageLibrary()
        try library.addPicture(1, caption: "a lighthouse")
    }

    private func launch(_ arguments: [ProgramArgument]) throws -> ProgramLaunch {
        let home = library.folder.appending("home").string
        return ProgramLaunch(
            try BuildProducts.program("vignette"),
            arguments.prefix(1) + ["--catalogue", ProgramArgument(library.catalogue.path)]
                + arguments.dropFirst(),
            environment: [
                "HOME": home, "PATH": "/usr/bin:/bin",
                "LD_LIBRARY_PATH": ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? "",
            ])
    }

    private func run(_ arguments: ProgramArgument...) async throws -> ProgramResult {
        try await RunningProgram(launch(arguments)).result()
    }

    /// A running page and its port.
    private func serve() async throws -> (program: RunningProgram, port: Int) {
        let program = try RunningProgram(launch(["serve", "--listen", "127.0.0.1:0"]))
        let port = {
            program.errors.text.firstMatch(of: #/http:\/\/127\.0\.0\.1:(\d+)\//#).flatMap {
                Int($0.1)
            }
        }
        try await eventually("the page is there") { port() != nil }
        return (program, port() ?? 0)
    }

    @Test func aLinkOfTheProgramLeadsToTheLibrary() async throws {
        let (program, port) = try await serve()
        let result = try await run("open", "--print", "--listen", "127.0.0.1:\(port)")
        #expect(result.status == 0 && result.errors.isEmpty)
        let link = try #require(result.text.split(separator: "\n").first)
        #expect(link.hasPrefix("http://127.0.0.1:\(port)/open?token="))
        let path = link.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" }
        let ask = { (path: String, cookie: String) in
            try RawClient.exchange(
                port,
                Array(
                    "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\(cookie)\r\n"
                        .utf8))
        }
        let opened = try ask(String(path), "")
        #expect(opened.status == 303)
        let cookie = try #require(opened.header("Set-Cookie")).prefix { $0 != ";" }
        let page = try ask("/", "Cookie: \(cookie)\r\n")
        #expect(page.status == 200)
        #expect(page.text.contains("a lighthouse"))
        let end = try await program.stop()
        #expect(end.status == 0)
    }

    /// As systemd does it: the socket listens before the program runs and after it has ended, and who comes meanwhile
    /// waits (sd_listen_fds(3)).
    @Test func aSocketThatIsPassedIsServedAndStaysOpenBehindIt() async throws {
        let socket = try ListeningSocket()
        for _ in 0..<2 {
            let client = try RawClient(socket.port)
            client.send(
                Array(
                    "GET / HTTP/1.1\r\nHost: 127.0.0.1:\(socket.port)\r\nConnection: close\r\n\r\n"
                        .utf8))
            var launch = try launch(["serve"])
            let words = launch.arguments
            launch.arguments =
                [
                    "-c", "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" \"$@\"",
                    ProgramArgument(launch.executable),
                ]
                + words
            launch.executable = "/bin/sh"
            launch.passedDescriptor = socket.descriptor
            let program = try RunningProgram(launch)
            // Nobody is signed in: the page to do so.
            let answer = RawResponse(bytes: client.receive())
            #expect(answer.status != 0 && answer.text.contains("<html"), "\(answer.status)")
            let end = try await program.stop()
            #expect(end.status == 0, "\(end)")
            #expect(end.errorText.contains("127.0.0.1:\(socket.port)"))
        }
    }

    @Test func anAddressOfTheNetworkNeedsAPassword() async throws {
        let result = try await run("serve", "--listen", "0.0.0.0:0")
        #expect(result.status == 1)
        #expect(result.errorText.contains("--set-password"))
    }

    @Test(arguments: ["127.0.0.1", "example.org:80", "8417", ""])
    func whatIsNoAddressIsWrongUsage(address: String) async throws {
        let result = try await run("serve", "--listen", ProgramArgument(address))
        #expect(result.status == 2)
    }

    @Test func aPortThatIsTakenIsSaid() async throws {
        let (program, port) = try await serve()
        let second = try await run("serve", "--listen", "127.0.0.1:\(port)")
        #expect(second.status == 1)
        #expect(second.errorText.contains("127.0.0.1:\(port)"))
        _ = try await program.stop()
    }

    /// A page at rest waits in its system calls, and for nothing that comes by itself.
    @Test func aPageAtRestDoesNotWake() async throws {
        let (program, _) = try await serve()
        let switches = {
            let tasks = "/proc/\(program.processID)/task"
            return try FileManager.default.contentsOfDirectory(atPath: tasks).reduce(0) {
                sum, task in
                let status = try String(contentsOfFile: "\(tasks)/\(task)/status", encoding: .utf8)
                return sum
                    + (status.firstMatch(of: #/\nvoluntary_ctxt_switches:\s+(\d+)/#).flatMap {
                        Int($0.1)
                    } ?? 0)
            }
        }
        // Beside other tests the start may take a while; what counts is that it comes to rest.
        try await eventually("it rests for two seconds") {
            let before = try switches()
            try await Task.sleep(for: .seconds(2))
            return try switches() == before
        }
        _ = try await program.stop()
    }
}
