import CProcess
import Glibc
import SystemPackage

/// Starts a program with one stream socket as its input and output and another as its errors.
struct ChildSpawn {
    /// The started process and the parent's ends, both non-blocking and closed on exec.
    struct Started {
        let process: ChildProcess
        let socket: Int32
        let errors: Int32
    }

    /// The program.
    let executable: FilePath
    /// Its arguments without its own name.
    let arguments: [String]

    /// Starts it in its own session, without signals or descriptors of ours.
    ///
    /// Its own session keeps Ctrl-C on the terminal from killing it before the daemon has decided
    /// how to stop. Of the environment it gets only what finds the shared libraries.
    func start() throws(ChildFault) -> Started {
        let (socket, childSocket) = try Self.socketPair()
        var owned = [socket, childSocket]
        defer { owned.forEach { close($0) } }
        let (errors, childErrors) = try Self.socketPair()
        owned += [errors, childErrors]
        let process = try spawn(socket: childSocket, errors: childErrors)
        owned = [childSocket, childErrors]
        return Started(process: process, socket: socket, errors: errors)
    }

    private func spawn(socket: Int32, errors: Int32) throws(ChildFault) -> ChildProcess {
        let environment: [String] = ["LD_LIBRARY_PATH"].compactMap { (name: String) -> String? in
            getenv(name).map { "\(name)=\(String(cString: $0))" }
        }
        var id: pid_t = 0
        let code = executable.withPlatformString { path in
            withCStrings([executable.string] + arguments) { argv in
                withCStrings(environment) { envp in
                    vignette_spawn(path, argv, envp, socket, errors, &id)
                }
            }
        }
        guard code == 0 else { throw .cannotStart(Errno(rawValue: code)) }
        return ChildProcess(id: id)
    }

    /// Two connected ends, the first one non-blocking.
    ///
    /// Both are moved above the standard descriptors, on which the child's are laid.
    private static func socketPair() throws(ChildFault) -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw .system(Errno(rawValue: errno))
        }
        let copies = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 3) }
        let code = errno
        ends.forEach { close($0) }
        guard copies.allSatisfy({ $0 >= 0 }) else {
            copies.filter { $0 >= 0 }.forEach { close($0) }
            throw .system(Errno(rawValue: code))
        }
        _ = fcntl(copies[0], F_SETFL, fcntl(copies[0], F_GETFL) | O_NONBLOCK)
        return (copies[0], copies[1])
    }
}

/// Lends a null-terminated array of C strings.
private func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies + [nil])
}
