import Foundation
import Glibc
public import SystemPackage

/// A program with everything that it is started with.
public struct ProgramLaunch: Sendable {
    /// The program's file.
    public var executable: FilePath
    /// The arguments behind the program's name.
    public var arguments: [ProgramArgument]
    /// The whole environment; nothing of the test's own is inherited.
    public var environment: [String: String]
    /// The folder to start in; `nil` for the test's own.
    public var workingDirectory: FilePath?
    /// A descriptor of the test's that the program has as its number 3, as systemd passes sockets; `nil` for none.
    public var passedDescriptor: Int32?

    /// A program could not be started.
    public struct Failure: Error, CustomStringConvertible {
        /// Which program, and why.
        public let description: String
    }

    /// Describes a start.
    public init(
        _ executable: FilePath, _ arguments: [ProgramArgument], environment: [String: String],
        workingDirectory: FilePath? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }

    /// Starts the program with nothing on standard input.
    ///
    /// - Parameters:
    ///   - output: The descriptor that becomes its standard output.
    ///   - errors: The descriptor that becomes its standard error.
    /// - Returns: The process id; somebody has to wait for it.
    /// - Throws: `Failure`.
    func spawn(output: Int32, errors: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        if let passedDescriptor {
            posix_spawn_file_actions_adddup2(&actions, passedDescriptor, 3)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        Self.resetSignals(&attributes)

        let (file, words) = commandLine
        let strings = words.map { Self.terminated($0.bytes) }
        let variables = environment.map { Self.terminated(Array("\($0)=\($1)".utf8)) }
        var processID: pid_t = 0
        let failure = Self.withPointers(strings) { arguments in
            Self.withPointers(variables) { variables in
                file.withPlatformString {
                    posix_spawn(&processID, $0, &actions, &attributes, arguments, variables)
                }
            }
        }
        guard failure == 0 else {
            throw Failure(description: "cannot start \(executable): \(Errno(rawValue: failure))")
        }
        return processID
    }

    /// The file to execute and its arguments, the name among them: env(1) changes the folder, since
    /// Swift does not see glibc's `posix_spawn_file_actions_addchdir_np`.
    private var commandLine: (FilePath, [ProgramArgument]) {
        let own = [ProgramArgument(executable)] + arguments
        guard let workingDirectory else { return (executable, own) }
        return ("/usr/bin/env", ["env", "-C", ProgramArgument(workingDirectory)] + own)
    }

    /// A test runner's own signal settings must not reach the program.
    private static func resetSignals(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for signal in [SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXFSZ] {
            sigaddset(&defaults, signal)
        }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    }

    private static func terminated(_ bytes: [UInt8]) -> [CChar] {
        bytes.map { CChar(bitPattern: $0) } + [0]
    }

    private static func withPointers<Result>(
        _ strings: [[CChar]], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }
}
