import Glibc
import SystemPackage

extension ModelStore {
    /// Removes a model and what was fetched of it.
    ///
    /// The model's folder is renamed first, so that nothing takes half of it for a model. Programs
    /// that have its files open keep them.
    ///
    /// - Parameter name: Its name.
    /// - Returns: The bytes that became free, as far as nothing else has these files open.
    /// - Throws: `HubError` where there is nothing by that name, it is being downloaded, or it may not
    ///   be removed.
    public func remove(_ name: String) throws -> Int64 {
        guard let entry = entry(name) else {
            throw HubError(
                folder.appending(HubError.printable(name)), "is no folder of a model",
                advice: "'vignette model list' names the models.")
        }
        let paths = [entry.model, entry.partial].compactMap { $0 }
        let bytes = paths.reduce(0) { $0 + FolderSize.bytes(of: $1) }
        do {
            if let partial = entry.partial {
                let lock = try PartialFolder.lock(partial)
                defer { try? lock.close() }
                try FolderRemoval.remove(partial)
            }
            if let model = entry.model {
                let doomed = folder.appending(".\(name).removed")
                // What a removal left that was killed.
                try FolderRemoval.remove(doomed)
                try PartialFolder.rename(model, doomed)
                try FolderRemoval.remove(doomed)
            }
        } catch Errno.wouldBlock {
            throw HubError(
                folder.appending(name), "is being downloaded by another process",
                advice: "Wait until it ends.")
        } catch let error as Errno {
            throw StorageFailure.error(folder.appending(name), error)
        }
        return bytes
    }
}

/// Removing folders with all that is in them.
enum FolderRemoval {
    /// Removes what stands at a path; links are removed and not followed.
    ///
    /// - Throws: `Errno` at the first thing that cannot go.
    static func remove(_ path: FilePath) throws(Errno) {
        try remove(path, depth: 0)
    }

    private static func remove(_ path: FilePath, depth: Int) throws(Errno) {
        var status = stat()
        guard path.withPlatformString({ lstat($0, &status) }) == 0 else {
            if errno == ENOENT { return }
            throw Errno(rawValue: errno)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            guard path.withPlatformString({ unlink($0) }) == 0 else { throw Errno(rawValue: errno) }
            return
        }
        // Far deeper than anything that was put here.
        guard depth < 64 else { throw .tooManySymbolicLinkLevels }
        for name in try DirectoryNames.read(path) {
            try remove(path.appending(name), depth: depth + 1)
        }
        guard path.withPlatformString({ rmdir($0) }) == 0 else { throw Errno(rawValue: errno) }
    }
}
