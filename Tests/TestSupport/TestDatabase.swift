import Foundation
import Glibc
public import SystemPackage

/// A PostgreSQL of a test's own, in a temporary folder, reached through a socket there; ends with this object.
///
/// Its cluster is a copy of one that the test process makes once: making one takes seconds, copying it does not.
public final class TestDatabase: Sendable {
    private let shared: DatabaseFolder
    private let folder: FilePath
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

    private var data: FilePath { folder.appending("data") }
    private var lockFile: FilePath { data.appending("postmaster.pid") }

    /// Makes a database and starts it.
    ///
    /// - Parameters:
    ///   - settings: Lines of `postgresql.conf`.
    ///   - port: Listens on this port, too, of addresses that `address` names.
    ///   - address: Which.
    /// - Throws: `Failure`.
    public init(_ settings: [String] = [], port: Int? = nil, address: String = "127.0.0.1") throws {
        shared = try DatabaseFolder.shared.get()
        self.port = port
        folder = try shared.cluster()
        let lines =
            [
                "listen_addresses = '\(port == nil ? "" : address)'",
                "port = \(port ?? 5432)", "unix_socket_directories = '\(folder)'",
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

    deinit {
        // Nothing of it is wanted any more: it need not write down what it has in memory.
        try? end(SIGQUIT)
        FileTree.remove(folder)
    }

    /// A connection string, through the socket.
    public func address(as login: String = "postgres", database: String = "postgres") -> String {
        "host=\(folder) port=\(port ?? 5432) user=\(login) dbname=\(database)"
    }

    /// Starts the server, and waits until it answers.
    public func start() throws {
        let log = data.appending("log").string
        try shared.server("pg_ctl", ["-D", data.string, "-l", log, "-W", "start"])
        // Where pg_ctl looks, too, but more often than it does.
        for _ in 0..<12_000 {
            let lines = lock()
            if lines.count > 7, lines[7].hasPrefix("ready"), pid_t(lines[0]).map(Self.runs) == true
            {
                return
            }
            usleep(5000)
        }
        let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        throw Failure(description: "the server does not start: \(said.suffix(2000))")
    }

    /// Stops the server: connections are cut, transactions rolled back.
    public func stop() throws { try end(SIGINT) }

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
        let children = lock().first.map { process in
            let list = "/proc/\(process)/task/\(process)/children"
            let text = (try? String(contentsOfFile: list, encoding: .utf8)) ?? ""
            return text.split(separator: " ").compactMap { pid_t($0) }
        }
        try end(SIGKILL)
        // They end when they find it gone; what they share has to be free before another starts.
        for child in children ?? [] {
            for _ in 0..<2000 where Self.runs(child) { usleep(5000) }
        }
        // Another server takes it for one that runs for as long as nobody has reaped that.
        unlink(lockFile.string)
        unlink(folder.appending(".s.PGSQL.\(port ?? 5432).lock").string)
    }

    /// The lines of the file by which a server tells that it runs: its process first, its state eighth.
    private func lock() -> [Substring] {
        let text = (try? String(contentsOfFile: lockFile.string, encoding: .utf8)) ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// Sends a signal that ends the server, and waits for that.
    private func end(_ signal: Int32) throws {
        guard let first = lock().first, let process = pid_t(first) else {
            throw Failure(description: "the server's process is not known")
        }
        Glibc.kill(process, signal)
        for _ in 0..<12_000 where Self.runs(process) { usleep(5000) }
        guard !Self.runs(process) else {
            throw Failure(description: "the server does not end")
        }
    }

    /// Whether a process is there that is no zombie: nobody may be waiting for those whose parent is gone.
    private static func runs(_ process: pid_t) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let state = text.split(separator: ")").last?.split(separator: " ").first
        else { return false }
        return state != "Z" && state != "X"
    }

    /// Runs statements as the superuser.
    ///
    /// - Returns: The rows, their columns parted by `|`.
    @discardableResult
    public func query(_ sql: String, as login: String = "postgres") throws -> [String] {
        let text = try DatabaseFolder.run(
            shared.programs.appending("psql").string,
            ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", address(as: login), "-c", sql])
        return text.split(separator: "\n").map(String.init)
    }
}
