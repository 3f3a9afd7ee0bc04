public import SystemPackage
public import TestSupport

/// An authority that signs certificates, made by openssl(1) for one test.
public struct TestAuthority: Sendable {
    /// A certificate and its key, as files.
    public struct Identity: Sendable {
        let certificate: FilePath
        let key: FilePath
    }

    /// openssl could not make a certificate.
    public struct Failure: Error {
        /// What it said.
        public let result: ProgramResult
    }

    private let folder: FilePath
    private let name: String

    /// The authority's own certificate.
    public var certificate: FilePath { folder.appending("\(name).pem") }

    /// Makes an authority.
    ///
    /// - Parameters:
    ///   - name: The name of its files.
    ///   - folder: Where they are.
    /// - Throws: `Failure`, `ProgramLaunch.Failure`.
    public init(_ name: String = "authority", in folder: FilePath) throws {
        (self.name, self.folder) = (name, folder)
        try Self.request(["-subj", "/CN=\(name)"], name, in: folder)
    }

    /// Makes a certificate for a host.
    ///
    /// - Parameter host: As openssl writes it: `IP:127.0.0.1` or `DNS:localhost`.
    /// - Returns: Its files.
    /// - Throws: as `init`.
    public func identity(for host: String) throws -> Identity {
        let own = "\(name)-\(host.replacing(":", with: "-"))"
        try Self.request(
            [
                "-subj", "/CN=server", "-CA", "\(name).pem", "-CAkey", "\(name).key",
                "-addext", "subjectAltName=\(host)",
                "-addext", "basicConstraints=critical,CA:FALSE",
            ], own, in: folder)
        return Identity(
            certificate: folder.appending("\(own).pem"), key: folder.appending("\(own).key"))
    }

    private static func request(
        _ arguments: [String], _ name: String, in folder: FilePath
    ) throws {
        let command = """
            exec openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
            -keyout "$0.key" -out "$0.pem" "$@"
            """
        let words = ["-c", command, name] + arguments
        let result = try shell("exec sh \"$@\"", words.map { ProgramArgument($0) }, in: folder)
        guard result.status == 0 else { throw Failure(result: result) }
    }
}
