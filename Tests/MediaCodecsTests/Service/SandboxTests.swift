import CEscapeProbes
import Glibc
import MediaDecoding
import SystemPackage
import TestSupport
import Testing

/// What a decoding child can do after somebody has taken it over.
@Suite struct SandboxTests {
    /// The numbers of all attempts.
    static let attempts = Array((0..<Int32.max).prefix { vignette_escape_name($0) != nil })

    @Test func thereAreMoreAttemptsThanThirty() {
        #expect(Self.attempts.count >= 30)
    }

    /// Those that succeed for any account and leave nothing behind.
    private static let harmless: Set<String> = [
        "open_passwd", "read_own_environment", "list_a_folder", "look_at_a_file", "read_a_link",
        "make_an_internet_socket", "make_a_local_socket", "make_a_pair_of_sockets",
        "signal_the_parent", "run_a_program", "start_a_process", "start_a_process_by_vfork",
        "memory_that_runs", "make_memory_run", "a_file_in_memory", "be_dumpable",
        "raise_limits_of_another",
    ]

    private static func name(of number: Int32) -> String {
        vignette_escape_name(number).map { String(cString: $0) } ?? ""
    }

    private static func probes() throws -> FilePath {
        try DecoderLocation.find().removingLastComponent().appending("escape-probes")
    }

    @Test func harmlessAttemptsSucceedWhereNothingIsLockedIn() throws {
        let numbers = Self.attempts.filter { Self.harmless.contains(Self.name(of: $0)) }
        #expect(numbers.count == Self.harmless.count)
        for number in numbers {
            let status = try Self.status(of: Self.probes(), arguments: ["\(number)", "free"])
            #expect(status == 0, "\(Self.name(of: number)): status \(status)")
        }
    }

    @Test(arguments: attempts)
    func refusesOrStopsEveryAttemptToGetOut(_ number: Int32) throws {
        let name = Self.name(of: number)
        let status = try Self.status(of: Self.probes(), arguments: ["\(number)"])
        let isKilled = status & 0x7f == SIGSYS
        let isRefused = status & 0x7f == 0 && status >> 8 == 1
        #expect(isKilled || isRefused, "\(name): status \(status)")
    }

    /// Runs a program with one end of a socket as its input and waits for its end.
    private static func status(of program: FilePath, arguments: [String]) throws -> Int32 {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Errno(rawValue: errno) }
        defer { ends.forEach { close($0) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO)
        let words = ([program.string] + arguments).map { strdup($0) }
        defer { words.forEach { free($0) } }
        var id: pid_t = 0
        let code = posix_spawn(&id, program.string, &actions, nil, words + [nil], environ)
        guard code == 0 else { throw Errno(rawValue: code) }
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
