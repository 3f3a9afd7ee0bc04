import Synchronization

/// Holds a response against what was asked for, before a byte of it is taken.
struct RangeCheck {
    private let response: HubSession.Response
    private let wanted: Range<Int64>
    private let size: Int64
    private let address: WebAddress
    private let digest: ContentDigest?
    private let commit: CommitName

    init(
        _ response: HubSession.Response, wanted: Range<Int64>, size: Int64, address: WebAddress,
        digest: ContentDigest?, commit: CommitName
    ) {
        (self.response, self.wanted, self.size) = (response, wanted, size)
        (self.address, self.digest, self.commit) = (address, digest, commit)
    }

    /// Checks commit, entity tags, coding, range and length.
    ///
    /// - Parameter tags: What other responses for the same file were tagged with.
    /// - Throws: `HubError`.
    func check(tags: EntityTags) throws {
        let statement = FileStatement(response.hubHeaders)
        try statement.check(commit: commit, subject: address)
        if let served = statement.digest, let digest, served != digest {
            throw HubError(
                address, "was changed while it was fetched: its digest is now \(served)",
                advice: "Run the command again to fetch what is there now.")
        }
        let coding = response.headers.first(name: "Content-Encoding")?.lowercased() ?? "identity"
        guard coding == "identity" else {
            throw HubError(address, "was sent coded as '\(HubError.printable(coding))'")
        }
        if response.isElsewhere, let tag = response.headers.first(name: "ETag") {
            try tags.check(tag, at: response.exchange.address)
        }
        try checkRange()
    }

    private func checkRange() throws {
        let isWhole = wanted == 0..<size
        switch response.status {
        case 200 where isWhole: break
        case 200:
            // What `If-Range` asks for where the file is another, or a server that has no ranges.
            throw HubError(
                address,
                "was sent as a whole where a part was asked for: it was changed, or the "
                    + "server or a proxy does not send parts", recovery: .startOver)
        case 206 where !isWhole:
            guard let text = response.headers.first(name: "Content-Range"),
                text.lowercased()
                    == "bytes \(wanted.lowerBound)-\(wanted.upperBound - 1)/\(size)"
            else {
                throw HubError(
                    address, "was sent in another part or with another length than was asked for",
                    recovery: .startOver)
            }
        default:
            throw HubError(address, "answered with status \(response.status)")
        }
        guard let length = response.headers.first(name: "Content-Length") else { return }
        guard Int64(length) == Int64(wanted.count) else {
            throw HubError(
                address,
                "is announced with \(HubError.printable(length)) bytes instead of "
                    + "\(wanted.count)", recovery: .startOver)
        }
    }
}

/// The entity tags by which storage hosts know one file, during one run.
final class EntityTags: Sendable {
    private let tags = Mutex<[String: String]>([:])

    /// The strong tag that a host gave.
    func known(at origin: String) -> String? { tags.withLock { $0[origin] } }

    /// Holds that a host gives the same tag every time.
    ///
    /// - Throws: `HubError` where it gives another: the file was replaced.
    func check(_ tag: String, at address: WebAddress) throws {
        // A weak tag says nothing about bytes (RFC 9110, section 8.8.3).
        guard tag.hasPrefix("\""), tag.utf8.count <= 1024 else { return }
        let known = tags.withLock { tags in
            let known = tags[address.origin]
            tags[address.origin] = tag
            return known
        }
        guard known == nil || known == tag else {
            throw HubError(address, "was changed while it was fetched", recovery: .startOver)
        }
    }
}
