import Glibc
public import SystemPackage

/// How much a folder holds.
public enum FolderSize {
    /// Folders within each other that are looked into; a model has two.
    private static let maximumDepth = 16

    /// Bytes that the files below a folder take on the disk, the holes of unfinished ones left out;
    /// links are not followed, and what cannot be read counts nothing.
    public static func bytes(of folder: FilePath) -> Int64 { bytes(of: folder, depth: 0) }

    private static func bytes(of path: FilePath, depth: Int) -> Int64 {
        var status = stat()
        guard path.withPlatformString({ lstat($0, &status) }) == 0 else { return 0 }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            // Some file systems give small files no blocks of their own.
            return min(Int64(status.st_size), max(Int64(status.st_blocks) * 512, 0))
        case S_IFDIR where depth < maximumDepth:
            let names = (try? DirectoryNames.read(path)) ?? []
            return names.reduce(0) { $0 + bytes(of: path.appending($1), depth: depth + 1) }
        default: return 0
        }
    }
}
