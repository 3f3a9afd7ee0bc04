import Foundation
import Glibc
public import SystemPackage

/// A PostgreSQL of a test's own, in a temporary folder, reached through a socket there; ends with this object.
public final class TestDatabase: Sendable {
    private let directory: TemporaryDirectory
    private let programs: FilePath
    /// The loopback port, where it listens on one.
    public let port: Int?

    /// Where Debian has the server's programs, the newest version's; `nil` where there are none.
    public static let programs: FilePath? = {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.sorted { $0.compare($1, options: .numeric) == .orderedDescending }
            .map { FilePath("\(root)/\($0)/bin") }
            .first { FileManager.default.isExecutableFile(atPath: "\($0)/initdb") }
    }()

    /// Something about the server failed.
    public struct Failure: Error, CustomStringConvertible {
        /// What, and what its programs said.
        public let description: String
    }

    private var data: FilePath { directory.path.appending("data") }

    /// Makes a database and starts it.
    ///
    /// - Parameters:
    ///   - settings: Lines of `postgresql.conf`.
    ///   - port: Listens on this port, too, of addresses that `address` names.
    ///   - address: Which.
    /// - Throws: `Failure`.
    public init(_ settings: [String] = [], port: Int? = nil, address: String = "127.0.0.1") throws {
        guard let programs = Self.programs else {
            throw Failure(description: "there is no PostgreSQL in /usr/lib/postgresql")
        }
        self.programs = programs
        self.port = port
        directory = try TemporaryDirectory()
        // The server refuses to run as root; whoever runs the tests as root has Debian's account for it.
        try Self.run("/bin/chmod", ["711", directory.path.string])
        if getuid() == 0 { try Self.run("/bin/chown", ["postgres", directory.path.string]) }
        try server(
            "initdb",
            ["-D", data.string, "-U", "postgres", "-A", "trust", "-N", "--no-instructions"])
        let lines =
            [
                "listen_addresses = '\(port == nil ? "" : address)'",
                "port = \(port ?? 5432)", "unix_socket_directories = '\(directory.path)'",
                // A kill of the server loses nothing without it; a power cut would, and no test makes one.
                "fsync = off", "max_connections = 100", "restart_after_crash = on",
            ] + settings
        let configuration = data.appending("postgresql.conf").string
        let file = try FileHandle(forWritingTo: URL(filePath: configuration))
        try file.seekToEnd()
        try file.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
        try file.close()
        let access = data.appending("pg_hba.conf").string
        try Data("local all all trust\nhost all all 0.0.0.0/0 trust\n".utf8)
            .write(to: URL(filePath: access))
        try start()
    }

    deinit { try? stop() }

    /// A connection string, through the socket.
    public func address(as login: String = "postgres", database: String = "postgres") -> String {
        "host=\(directory.path) port=\(port ?? 5432) user=\(login) dbname=\(database)"
    }

    /// Starts the server, and waits until it answers.
    public func start() throws {
        try server(
            "pg_ctl",
            ["-D", data.string, "-l", data.appending("log").string, "-w", "-t", "60", "start"])
    }

    /// Stops the server: connections are cut, transactions rolled back.
    public func stop() throws {
        try server("pg_ctl", ["-D", data.string, "-w", "-t", "60", "-m", "fast", "stop"])
    }

    /// Stops and starts it.
    public func restart() throws {
        try stop()
        try start()
    }

    /// Kills the server and its children at once, as a crash would, and starts it again.
    public func crash() throws {
        try kill()
        try start()
    }

    /// Kills the server at once.
    public func kill() throws {
        let lock = try String(
            contentsOfFile: data.appending("postmaster.pid").string, encoding: .utf8)
        guard let first = lock.split(separator: "\n").first, let process = pid_t(first) else {
            throw Failure(description: "the server's process is not known")
        }
        Glibc.kill(process, SIGKILL)
        // Its children end when they find it gone; what they share has to be free before another starts.
        for _ in 0..<600 where Glibc.kill(process, 0) == 0 { usleep(10_000) }
        usleep(300_000)
    }

    /// Runs statements as the superuser.
    ///
    /// - Returns: The rows, their columns parted by `|`.
    @discardableResult
    public func query(_ sql: String, as login: String = "postgres") throws -> [String] {
        let text = try Self.run(
            programs.appending("psql").string,
            ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", address(as: login), "-c", sql])
        return text.split(separator: "\n").map(String.init)
    }

    private func server(_ program: String, _ arguments: [String]) throws {
        let path = programs.appending(program).string
        if getuid() == 0 {
            try Self.run(
                "/usr/bin/setpriv",
                ["--reuid=postgres", "--regid=postgres", "--clear-groups", path] + arguments)
        } else {
            try Self.run(path, arguments)
        }
    }

    @discardableResult
    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        // Not its output's end is waited for, which the server inherits and keeps open, but the program's.
        let output = FileManager.default.temporaryDirectory
            .appending(path: "vignette-test-\(UUID().uuidString).out")
        try Data().write(to: output)
        defer { try? FileManager.default.removeItem(at: output) }
        let launch = ProgramLaunch(
            "/bin/sh",
            [
                "-c", ProgramArgument("exec \"$@\" >'\(output.path)' 2>&1 </dev/null"), "sh",
                ProgramArgument(program),
            ]
                + arguments.map { ProgramArgument($0) },
            environment: ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"],
            workingDirectory: "/")
        let result = try RunningProgram(launch).waitForResult()
        let text = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
        guard result.status == 0 else { throw Failure(description: "\(program): \(text)") }
        return text
    }
}
