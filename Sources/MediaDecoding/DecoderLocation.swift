import FoundationEssentials
import Glibc
public import SystemPackage

/// Finds the program of the decoding child.
public enum DecoderLocation {
    /// The decoder is in none of the places where it belongs.
    public struct NotFound: Error, CustomStringConvertible, Sendable {
        /// Where it was looked for, in order.
        public var tried: [FilePath]

        /// What is missing, where it was looked for, and what to do.
        public var description: String {
            let places = tried.map(\.string).joined(separator: ", ")
            return "vignette-decoder was not found (looked at \(places)); "
                + "install it beside vignette or set VIGNETTE_DECODER to its path"
        }
    }

    /// The name of the program.
    static let name = "vignette-decoder"

    /// Looks at `VIGNETTE_DECODER`, beside the running program, then in `../libexec/vignette`.
    ///
    /// - Parameters:
    ///   - executable: the running program; `nil` asks the kernel (`/proc/self/exe`).
    ///   - environment: where `VIGNETTE_DECODER` is looked up; `nil` takes the program's own.
    /// - Returns: the program's path.
    /// - Throws: `NotFound`, which lists the places; also where `VIGNETTE_DECODER` is set and wrong,
    ///   so that a mistake in it does not silently run another program.
    public static func find(
        near executable: FilePath? = nil,
        environment: [String: String]? = nil
    ) throws(NotFound) -> FilePath {
        let environment = environment ?? ProcessInfo.processInfo.environment
        if let chosen = environment["VIGNETTE_DECODER"], !chosen.isEmpty {
            let path = FilePath(chosen)
            guard isExecutable(path) else { throw NotFound(tried: [path]) }
            return path
        }
        let program = executable ?? runningProgram() ?? FilePath("vignette")
        let folder = program.removingLastComponent()
        let places = [
            folder.appending(name),
            folder.removingLastComponent().appending("libexec/vignette").appending(name),
        ]
        guard let found = places.first(where: isExecutable) else {
            throw NotFound(tried: places)
        }
        return found
    }

    private static func runningProgram() -> FilePath? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink("/proc/self/exe", &bytes, Int(PATH_MAX))
        return count > 0 ? FilePath(platformString: bytes) : nil
    }

    private static func isExecutable(_ path: FilePath) -> Bool {
        var status = stat()
        return path.withPlatformString {
            stat($0, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access($0, X_OK) == 0
        }
    }
}
