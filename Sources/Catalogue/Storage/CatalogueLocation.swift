import FileSystem
import Glibc
import SystemPackage

/// The place of a catalogue on disk, checked before SQLite sees it.
struct CatalogueLocation {
    let path: FilePath
    /// The path as text; SQLite knows no other paths.
    let text: String

    init(_ path: FilePath) throws(CatalogueError) {
        guard let text = String(validating: path), !path.isEmpty else {
            throw .inaccessible(path, reason: "SQLite needs a path that is UTF-8")
        }
        self.path = path
        self.text = text
    }

    /// Makes the folder, for its owner's eyes only, and an empty file if none is there.
    func create() throws(CatalogueError) {
        try createFolder(path.removingLastComponent())
        // Made here rather than by SQLite for its permissions: descriptions of somebody's
        // pictures are private even in a folder that is not. Never opened when it exists: closing
        // a descriptor would drop the locks that SQLite holds on the file in this process.
        let descriptor = open(text, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            Glibc.close(descriptor)
        } else if errno != EEXIST {
            throw .inaccessible(path, reason: Errno(rawValue: errno).description)
        }
        // SQLite gives the log and its index the rights of the file itself.
        for suffix in ["", "-wal", "-shm"] { SharedFolder.share(at: FilePath(text + suffix)) }
    }

    /// Makes sure that a file with something in it stands at the path.
    func checkPresence() throws(CatalogueError) {
        do {
            let status = try FileStatus(at: path)
            guard status.size > 0 || status.kind != .file else {
                throw CatalogueError.missing(path)
            }
        } catch Errno.noSuchFileOrDirectory {
            throw .missing(path)
        } catch let error as CatalogueError {
            throw error
        } catch {
            throw .inaccessible(path, reason: "\(error)")
        }
    }

    private func createFolder(_ folder: FilePath) throws(CatalogueError) {
        guard !folder.isEmpty, (try? FileStatus(at: folder)) == nil else { return }
        if folder.lastComponent != nil {
            try createFolder(folder.removingLastComponent())
        }
        let result = folder.withPlatformString { mkdir($0, 0o700) }
        guard result == 0 || errno == EEXIST else {
            throw .inaccessible(
                path, reason: "cannot make the folder \(folder): \(Errno(rawValue: errno))")
        }
    }
}
