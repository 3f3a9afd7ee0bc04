import Foundation
import Synchronization

/// Repositories as the hub serves them.
final class HubRepositories: RepositorySource, Sendable {
    private let session: HubSession
    private let retry: RetryPolicy
    private let notice: @Sendable (HubError, Duration) -> Void
    private let listings = Mutex<[PinnedRepository: RepositoryListing]>([:])

    init(
        session: HubSession, retry: RetryPolicy,
        notice: @escaping @Sendable (HubError, Duration) -> Void
    ) {
        (self.session, self.retry, self.notice) = (session, retry, notice)
    }

    func pin(_ name: RepositoryName) throws -> (PinnedRepository, Set<RepositoryPath>) {
        let components =
            ["api", "models", name.owner, name.name, "revision"]
            + [name.revision]
        guard let address = session.endpoint.appending(components, query: "blobs=true") else {
            throw HubError(name, "cannot be asked for")
        }
        let json = try retry.run(stop: session.stop, notice: notice) { _ in
            let response = try session.ask(.get, address)
            defer { response.exchange.cancel() }
            return try response.exchange.body(limit: RepositoryListing.maximumByteCount)
        }
        let listing = try RepositoryListing(json, subject: name)
        let pinned = PinnedRepository(name: name, commit: listing.commit)
        listings.withLock { $0[pinned] = listing }
        return (pinned, Set(listing.files.keys))
    }

    /// Asks for the head of the file alone: it tells size and digest without a byte of the file.
    func plan(
        _ remote: RepositoryPath, of repository: PinnedRepository, to local: RepositoryPath
    ) throws -> PlannedFile {
        let address = try address(of: remote, in: repository)
        let headers = try retry.run(stop: session.stop, notice: notice) { _ in
            let response = try session.ask(.head, address, following: .within)
            response.exchange.drain()
            return response.hubHeaders
        }
        let statement = FileStatement(headers)
        try statement.check(commit: repository.commit, subject: address)
        let listed = listings.withLock { $0[repository]?.files[remote] }
        guard let digest = statement.digest ?? listed?.digest,
            let size = statement.size ?? listed?.size
        else {
            throw HubError(
                address, "comes without a digest and a size, by which it could be checked",
                advice: "Check HF_ENDPOINT: a mirror must pass on X-Linked-Etag, or ETag.")
        }
        // The list and the file's own answer tell of the same bytes, or somebody is mistaken.
        guard listed?.digest.map({ $0 == digest }) ?? true, listed?.size.map({ $0 == size }) ?? true
        else {
            throw HubError(
                address, "is listed with another digest or size than it is served with",
                advice: "Try again later: the repository may be changing.")
        }
        guard (0...RepositoryListing.maximumFileSize).contains(size) else {
            throw HubError(address, "has an absurd size of \(size) bytes")
        }
        return PlannedFile(
            repository: repository, remote: remote, local: local, size: size, digest: digest)
    }

    /// The address that a file is fetched from.
    func address(
        of file: RepositoryPath, in repository: PinnedRepository
    ) throws(HubError) -> WebAddress {
        let name = repository.name
        let components =
            [name.owner, name.name, "resolve", repository.commit.description]
            + file.description.split(separator: "/").map(String.init)
        guard let address = session.endpoint.appending(components) else {
            throw HubError("\(repository)/\(file)", "cannot be asked for")
        }
        return address
    }
}

/// What the hub's headers say of a file, whether it serves the bytes itself or sends us elsewhere.
struct FileStatement {
    let commit: String?
    let digest: ContentDigest?
    let size: Int64?

    init(_ headers: HTTPHeaders) {
        commit = headers.first(name: "X-Repo-Commit")
        let tags = ["X-Linked-ETag", "ETag"].lazy.compactMap { headers.first(name: $0) }
        digest = tags.first.flatMap { ContentDigest(entityTag: $0) }
        // A redirect's own length is that of its body.
        let isRedirect = headers.contains(name: "Location")
        let names = isRedirect ? ["X-Linked-Size"] : ["X-Linked-Size", "Content-Length"]
        size = names.lazy.compactMap { headers.first(name: $0).flatMap { Int64($0) } }.first
    }

    /// Holds that the answer is of the commit that was asked for.
    func check(
        commit expected: CommitName, subject: some CustomStringConvertible
    ) throws(HubError) {
        guard let commit, commit != expected.description else { return }
        throw HubError(
            subject,
            "was answered from commit \(HubError.printable(commit, limit: 40)) instead of "
                + "\(expected)", advice: "Try again later: the repository may be changing.")
    }
}
