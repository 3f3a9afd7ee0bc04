import ArgumentParser
import Daemon
import Glibc
import SystemPackage

/// A path on the command line, byte for byte as the shell handed it over.
///
/// The standard library repairs arguments that are no UTF-8, which would name another file; the
/// original bytes are looked up by the repaired text.
struct PathArgument: ExpressibleByArgument {
    let path: FilePath

    /// The most bytes of a path that the kernel takes (`PATH_MAX` without the zero at the end).
    private static let mostBytes = 4095

    /// - Returns: `nil` for what is longer than any path.
    init?(argument: String) {
        guard argument.utf8.count <= Self.mostBytes else { return nil }
        path = Self.originals[argument] ?? FilePath(argument)
    }

    /// Shells complete names of files.
    static var defaultCompletionKind: CompletionKind { .file() }

    /// The absolute path, with its folder's symbolic links resolved where the folder is there: roots
    /// stand in the catalogue by their real paths.
    var real: FilePath {
        get throws {
            let absolute = StandardPaths().absolute(path)
            for (place, tail) in [
                (absolute, nil), (absolute.removingLastComponent(), absolute.lastComponent),
            ] {
                guard let resolved = place.withPlatformString({ realpath($0, nil) }) else {
                    continue
                }
                defer { free(resolved) }
                let real = FilePath(platformString: resolved)
                return tail.map { real.appending($0) } ?? real
            }
            return absolute
        }
    }

    private static let originals: [String: FilePath] = {
        var originals: [String: FilePath] = [:]
        for index in 0..<Int(CommandLine.argc) {
            guard let bytes = CommandLine.unsafeArgv[index] else { continue }
            guard strlen(bytes) <= mostBytes else { continue }
            let path = FilePath(platformString: bytes)
            originals[String(cString: bytes)] = path
            // The value of `--option=value`.
            var value = bytes
            while value.pointee != 0, value.pointee != UInt8(ascii: "=") { value += 1 }
            if value.pointee != 0 {
                originals[String(cString: value + 1)] = FilePath(platformString: value + 1)
            }
        }
        return originals
    }()
}
