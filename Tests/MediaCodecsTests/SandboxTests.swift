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

    @Test(arguments: attempts)
    func refusesOrStopsEveryAttemptToGetOut(_ number: Int32) throws {
        let name = vignette_escape_name(number).map { String(cString: $0) } ?? ""
        let folder = try DecoderLocation.find().removingLastComponent()
        let program = folder.appending("escape-probes")
        let status = try Self.status(of: program, arguments: ["\(number)"])
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
