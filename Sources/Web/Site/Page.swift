public import Daemon
public import Logging
import NIOCore
public import SystemPackage

/// A library's page, as a server that runs until it is stopped.
public final class Page: StoppableWork {
    private let server: WebServer

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - settings: What it is told.
    ///   - socket: A socket that listens already; `nil` to listen at the address of the settings.
    ///   - logger: Where messages go.
    /// - Throws: `PageError`; errors of making its folder and of listening.
    public init(_ settings: PageSettings, socket: CInt? = nil, logger: Logger) throws {
        let address = settings.address ?? .standard
        let folder = PageFolder(of: settings.catalogue)
        if socket == nil, !address.isLoopback, !Password(folder).isSet {
            throw PageError.noPassword(address)
        }
        let site = try Site(settings, logger: logger)
        do {
            server = try WebServer(at: socket.map { .socket($0) } ?? .address(address), site)
        } catch let error as IOError {
            throw PageError.cannotListen(address, Errno(rawValue: error.errnoCode))
        }
    }

    /// The port at which it listens.
    public var port: Int { server.port }

    /// Serves until `stop`.
    public func run() throws { try server.wait() }

    /// Ends `run`; from any thread.
    public func stop() { server.stop() }
}

/// Why the page cannot be served.
public enum PageError: Error, CustomStringConvertible {
    /// Others could reach it, and no password keeps them out.
    case noPassword(ListenAddress)

    /// The system does not let it listen.
    case cannotListen(ListenAddress, Errno)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .noPassword(let address):
            "\(address) can be reached from other machines, and no password is set: set one with 'vignette serve "
                + "--set-password', or listen at 127.0.0.1"
        case .cannotListen(let address, let error):
            "cannot listen at \(address): \(error); choose another address with --listen"
        }
    }
}
