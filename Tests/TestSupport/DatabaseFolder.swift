import Foundation
import Glibc
import Synchronization
import SystemPackage

/// Where a test process has its servers: a folder with one cluster as a template, and one folder for each server.
///
/// A watcher outside the process ends the servers and removes the folder when the process is gone, however it went.
final class DatabaseFolder: Sendable {
    /// Debian's folder of the server's programs.
    let programs: FilePath
    private let path: FilePath
    private let watcher: RunningProgram
    /// Held open until the process ends, which is what the watcher waits for.
    private let lifeline: Int32
    private let next = Atomic(0)

    /// The process's own, made when the first server is wanted.
    static let shared = Result { try DatabaseFolder() }

    private init() throws {
        guard let programs = TestDatabase.programs else {
            throw TestDatabase.Failure(description: "there is no PostgreSQL in /usr/lib/postgresql")
        }
        self.programs = programs
        // A socket's path has at most 107 bytes: names are short.
        var name = Array("\(FileManager.default.temporaryDirectory.path)/vgdb-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else {
            throw TestDatabase.Failure(
                description: "no temporary folder: \(Errno(rawValue: errno))")
        }
        path = FilePath(platformString: name)
        var ends: [Int32] = [-1, -1]
        // No program that a test starts may have it.
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw TestDatabase.Failure(description: "no sockets: \(Errno(rawValue: errno))")
        }
        defer { close(ends[0]) }
        lifeline = ends[1]
        watcher = try Self.watch(path, ends[0])
        // The server refuses to run as root; whoever runs the tests as root has Debian's account for it.
        chmod(path.string, 0o711)
        if getuid() == 0 { try Self.run("/bin/chown", ["postgres", path.string]) }
        try server(
            "initdb",
            [
                "-D", template.string, "-U", "postgres", "-A", "trust", "-N", "--no-instructions",
                "--wal-segsize=1",
            ])
    }

    private var template: FilePath { path.appending("template") }

    /// A folder with a cluster of its own, in `data`.
    func cluster() throws -> FilePath {
        let folder = path.appending("\(next.add(1, ordering: .relaxed).newValue)")
        try Self.run("/bin/mkdir", ["-m", "711", folder.string])
        try Self.run(
            "/bin/cp", ["-a", "--reflink=auto", template.string, folder.appending("data").string])
        if getuid() == 0 { try Self.run("/bin/chown", ["postgres", folder.string]) }
        return folder
    }

    /// Ends the servers below a folder and removes it, once nobody holds the socket's other end.
    private static func watch(_ folder: FilePath, _ end: Int32) throws -> RunningProgram {
        let script = """
            trap '' HUP INT TERM
            cat <&3 >/dev/null
            for lock in "$1"/*/data/postmaster.pid; do
                if [ -e "$lock" ]; then kill -QUIT "$(head -n 1 "$lock")"; fi
            done
            for turn in 1 2 3 4 5 6 7 8 9 10; do
                rm -rf "$1" && break
                sleep 0.3
            done
            """
        var launch = ProgramLaunch(
            "/usr/bin/setsid",
            ["/bin/sh", "-c", ProgramArgument(script), "sh", ProgramArgument(folder)],
            environment: ["PATH": "/usr/bin:/bin"])
        launch.passedDescriptor = end
        return try RunningProgram(launch)
    }

    /// Runs one of the server's programs, as whom it lets itself be run.
    func server(_ program: String, _ arguments: [String]) throws {
        let path = programs.appending(program).string
        guard getuid() == 0 else { return _ = try Self.run(path, arguments) }
        try Self.run(
            "/usr/bin/setpriv",
            ["--reuid=postgres", "--regid=postgres", "--clear-groups", path] + arguments)
    }

    /// Runs a program to its end.
    ///
    /// - Returns: What it said.
    @discardableResult
    static func run(_ program: String, _ arguments: [String]) throws -> String {
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
        guard result.status == 0 else {
            throw TestDatabase.Failure(description: "\(program): \(text)")
        }
        return text
    }
}
