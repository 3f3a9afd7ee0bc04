import Glibc
import SystemPackage

/// Makes a model's folder appear, whole.
enum FolderPublication {
    /// Moves the contents of a partial download to where the model stands, and removes the rest.
    ///
    /// - Parameters:
    ///   - partial: The partial download.
    ///   - gathered: What it holds, and what is noted of it.
    ///   - target: The model's folder, which must not exist.
    /// - Throws: `HubError`.
    static func publish(
        _ partial: PartialFolder, gathered: ModelGathering.Gathered, as target: FilePath
    ) throws {
        do {
            try removeStrangers(in: partial.contents, keeping: Set(gathered.files))
            try gathered.manifest.write(into: partial.contents)
            let folders = Set(gathered.files.map(\.parent))
            for folder in folders {
                try synchronize(partial.contents.pushing(FilePath(folder)))
            }
            try synchronize(partial.contents)
            // A folder takes the place of none but an empty one.
            try PartialFolder.rename(partial.contents, target)
            try synchronize(target.removingLastComponent())
            try FolderRemoval.remove(partial.path)
        } catch let error as Errno {
            throw StorageFailure.error(target, error)
        }
    }

    /// Removes what an earlier commit had and this one lacks.
    private static func removeStrangers(
        in contents: FilePath, keeping files: Set<RepositoryPath>
    ) throws(Errno) {
        let folders = Set(files.map(\.parent))
        for folder in folders.union([""]) {
            let path = contents.pushing(FilePath(folder))
            for name in try DirectoryNames.read(path) {
                let relative = folder.isEmpty ? name : "\(folder)/\(name)"
                let isKept = RepositoryPath(relative).map(files.contains) ?? false
                let isAbove = folders.contains { $0 == relative || $0.hasPrefix("\(relative)/") }
                if !isKept && !isAbove { try FolderRemoval.remove(path.appending(name)) }
            }
        }
    }

    /// Waits until the disk has a folder's names.
    private static func synchronize(_ folder: FilePath) throws(Errno) {
        let descriptor = folder.withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        defer { close(descriptor) }
        // Some file systems cannot do it for folders, and need not.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw Errno(rawValue: errno) }
    }
}
