import FileSystem
import Glibc
import SystemPackage

/// Repositories as the hub's own programs keep them on this machine:
/// `models--OWNER--NAME/{refs,blobs,snapshots/COMMIT}`.
struct CachedRepositories: RepositorySource {
    /// The folder of all repositories.
    let cache: FilePath

    func pin(_ name: RepositoryName) throws -> (PinnedRepository, Set<RepositoryPath>) {
        guard let commit = commit(of: name) else {
            throw HubError(
                name, "is not in the hub's cache \(cache)",
                advice: "Run the command once without --offline, or set HF_HOME to the cache.")
        }
        let pinned = PinnedRepository(name: name, commit: commit)
        return (pinned, files(below: snapshot(of: pinned), prefix: "", depth: 0))
    }

    func plan(
        _ remote: RepositoryPath, of repository: PinnedRepository, to local: RepositoryPath
    ) throws -> PlannedFile {
        let path = remote.path(in: snapshot(of: repository))
        do {
            let size = try OpenFile(reading: path).size
            return PlannedFile(
                repository: repository, remote: remote, local: local, size: size,
                digest: digest(of: path))
        } catch {
            throw HubError(path, "cannot be read", cause: error)
        }
    }

    /// A file of the cache with the bytes that are wanted, as far as its size tells.
    func find(_ file: PlannedFile) -> FilePath? {
        let blobs = folder(of: file.repository.name).appending("blobs")
        let candidates =
            [file.digest.map { blobs.appending($0.description) }].compactMap { $0 }
            + [file.remote.path(in: snapshot(of: file.repository))]
        return candidates.first { (try? OpenFile(reading: $0))?.size == file.size }
            .flatMap(Self.resolved)
    }

    private func folder(of name: RepositoryName) -> FilePath {
        cache.appending("models--\(name.owner)--\(name.name)")
    }

    private func snapshot(of repository: PinnedRepository) -> FilePath {
        folder(of: repository.name).appending("snapshots").appending(repository.commit.description)
    }

    private func commit(of name: RepositoryName) -> CommitName? {
        if let commit = CommitName(name.revision) { return commit }
        guard let path = RepositoryPath(name.revision) else { return nil }
        let reference = path.path(in: folder(of: name).appending("refs"))
        guard let bytes = try? BoundedFile.contents(at: reference, limit: 100) else { return nil }
        return CommitName(String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace })
    }

    /// Names below a snapshot; folders are looked into as deep as a model has them.
    private func files(below folder: FilePath, prefix: String, depth: Int) -> Set<RepositoryPath> {
        var found: Set<RepositoryPath> = []
        for name in (try? DirectoryNames.read(folder)) ?? [] {
            var status = stat()
            let path = folder.appending(name)
            guard path.withPlatformString({ stat($0, &status) }) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFREG, let file = RepositoryPath(prefix + name) {
                found.insert(file)
            } else if status.st_mode & S_IFMT == S_IFDIR, depth < 4 {
                found.formUnion(files(below: path, prefix: "\(prefix)\(name)/", depth: depth + 1))
            }
        }
        return found
    }

    /// Snapshots hold links to blobs that are named by their digest.
    private func digest(of path: FilePath) -> ContentDigest? {
        Self.resolved(path)?.lastComponent.flatMap { ContentDigest($0.string) }
    }

    private static func resolved(_ path: FilePath) -> FilePath? {
        guard let real = path.withPlatformString({ realpath($0, nil) }) else { return nil }
        defer { free(real) }
        return FilePath(platformString: real)
    }
}
