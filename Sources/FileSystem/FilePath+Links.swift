import Glibc
public import SystemPackage

extension FilePath {
    /// The path with all symbolic links resolved.
    ///
    /// - Throws: `Errno`, `.noSuchFileOrDirectory` among them.
    public func resolvingLinks() throws(Errno) -> FilePath {
        let resolved = withPlatformString { realpath($0, nil) }
        guard let resolved else { throw Errno(rawValue: errno) }
        defer { free(resolved) }
        return FilePath(platformString: resolved)
    }
}
