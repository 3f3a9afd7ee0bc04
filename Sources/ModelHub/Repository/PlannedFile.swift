/// A repository at the commit that everything is fetched from.
struct PinnedRepository: Hashable, Sendable, CustomStringConvertible {
    let name: RepositoryName
    let commit: CommitName

    var description: String { name.repository }
}

/// A file to fetch: where from, where to, and how it is told that the right bytes came.
struct PlannedFile: Hashable, Sendable, CustomStringConvertible {
    let repository: PinnedRepository
    /// Its path within the repository.
    let remote: RepositoryPath
    /// Its path within the model's folder.
    let local: RepositoryPath
    let size: Int64
    /// Nil only for a file of the local cache that does not say.
    let digest: ContentDigest?

    var description: String { "\(repository)/\(remote)" }
}

/// Where a repository's files are found.
protocol RepositorySource {
    /// Pins a repository to the commit that its revision names now.
    ///
    /// - Returns: The commit, and the paths of its files; where a source knows only what it holds,
    ///   those.
    /// - Throws: `HubError` where there is no such repository.
    func pin(_ name: RepositoryName) throws -> (PinnedRepository, Set<RepositoryPath>)

    /// Prepares to fetch a file.
    ///
    /// - Throws: `HubError` where there is no such file, or its size or digest cannot be told.
    func plan(
        _ remote: RepositoryPath, of repository: PinnedRepository, to local: RepositoryPath
    ) throws -> PlannedFile
}
