public import Glibc
public import SystemPackage

/// Folders as the kernel has them: names are bytes, and links are not followed.
public enum FileTree {
    /// What stands below a folder.
    public struct Entry: Sendable {
        /// The whole path.
        public let path: FilePath
        /// The type bits of `st_mode`, such as `S_IFREG`.
        public let type: mode_t
    }

    /// What stands directly in a folder, in no order; nothing if it cannot be read.
    public static func entries(of folder: FilePath) -> [Entry] {
        guard let directory = folder.withPlatformString({ opendir($0) }) else { return [] }
        defer { closedir(directory) }
        var entries: [Entry] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) {
                    FilePath(platformString: $0)
                }
            }
            guard name.lastComponent?.kind == .regular else { continue }
            let path = folder.pushing(name)
            var status = stat()
            // Gone again since it was listed.
            guard path.withPlatformString({ lstat($0, &status) }) == 0 else { continue }
            entries.append(Entry(path: path, type: status.st_mode & S_IFMT))
        }
        return entries
    }

    /// Everything below a folder.
    public static func walk(_ folder: FilePath) -> [Entry] {
        entries(of: folder).flatMap { entry in
            entry.type == S_IFDIR ? [entry] + walk(entry.path) : [entry]
        }
    }

    /// Removes whatever stands at a path, with everything below it; what cannot go stays.
    public static func remove(_ path: FilePath) {
        if path.withPlatformString({ unlink($0) }) == 0 || errno == ENOENT { return }
        for entry in entries(of: path) { remove(entry.path) }
        _ = path.withPlatformString { rmdir($0) }
    }
}
