import CProcess
import Glibc
package import SystemPackage

/// Opens files on behalf of the child, which cannot open any.
package enum MediaOpening {
    /// Opens a regular file that is not empty; the caller closes the descriptor.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - root: A folder within which it must lie, without any symbolic link in between; `nil` follows
    ///     links like any other program.
    /// - Returns: The descriptor, open for reading.
    /// - Throws: `DecodingError.unreadable` or `.rejected`.
    package static func open(_ path: FilePath, beneath root: FilePath?) throws(DecodingError)
        -> Int32
    {
        var relative = path
        if let root, !relative.removePrefix(root) {
            throw .unreadable(path, .init(rawValue: EXDEV))
        }
        let result = relative.withPlatformString { name in
            guard let root else { return vignette_open_media(nil, name) }
            return root.withPlatformString { vignette_open_media($0, name) }
        }
        guard result >= 0 else { throw .unreadable(path, Errno(rawValue: -result)) }
        do throws(DecodingError) {
            try check(result, path)
        } catch {
            close(result)
            throw error
        }
        return result
    }

    private static func check(_ descriptor: Int32, _ path: FilePath) throws(DecodingError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .unreadable(path, Errno(rawValue: errno))
        }
        let type = status.st_mode & S_IFMT
        guard type == S_IFREG else {
            throw .rejected(
                path, reason: type == S_IFDIR ? "is a directory" : "is not a regular file")
        }
        guard status.st_size > 0 else { throw .rejected(path, reason: "is empty") }
    }
}
