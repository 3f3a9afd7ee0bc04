import Digests

/// Fetches a run of blocks of one file, however often the connection fails on the way.
struct SegmentTransfer {
    let file: PartialFile
    let blocks: Range<Int>
    let address: WebAddress
    let session: HubSession
    let retry: RetryPolicy
    let tags: EntityTags
    let observer: PullObserver

    /// Fetches the blocks.
    ///
    /// - Throws: `HubError`, `CancellationError`.
    func run() throws {
        let range = file.bytes(of: blocks)
        var writer = BlockWriter(file, at: range.lowerBound)
        try retry.run(
            stop: session.stop, notice: { observer.notice($0, pause: $1) },
            { progressed in
                // A connection that was cut is continued at the very byte.
                let wanted = writer.position..<range.upperBound
                let response = try ask(for: wanted)
                defer { response.exchange.cancel() }
                try RangeCheck(
                    response, wanted: wanted, size: file.plan.size, address: address,
                    digest: file.plan.digest, commit: file.plan.repository.commit
                ).check(tags: tags)
                while let part = try response.exchange.nextPart() {
                    let room = range.upperBound - writer.position
                    guard part.count <= room else {
                        throw HubError(
                            address, "sent more bytes than it was asked for",
                            recovery: .later(after: nil))
                    }
                    try part.withUnsafeBytes { try writer.write($0) }
                    progressed = progressed || part.count > 0
                    observer.received(part.count)
                }
                guard writer.position == range.upperBound else {
                    throw HubError(
                        address, "ended before all bytes had come", recovery: .later(after: nil))
                }
            })
    }

    private func ask(for wanted: Range<Int64>) throws -> HubSession.Response {
        let isWhole = wanted == 0..<file.plan.size
        return try session.ask(.get, address) { host in
            guard !isWhole else { return [:] }
            var headers: HTTPHeaders = [
                "Range": "bytes=\(wanted.lowerBound)-\(wanted.upperBound - 1)"
            ]
            // Only the hub's own tag is the file's digest; other hosts have tags of their own.
            if host.origin == session.endpoint.origin {
                if let digest = file.plan.digest {
                    headers.add(name: "If-Range", value: "\"\(digest)\"")
                }
            } else if let tag = tags.known(at: host.origin) {
                headers.add(name: "If-Range", value: tag)
            }
            return headers
        }
    }
}

/// Writes bytes in order and notes each block that is whole.
private struct BlockWriter: ~Copyable {
    let file: PartialFile
    private(set) var position: Int64
    private var hash = MessageDigest()

    init(_ file: PartialFile, at position: Int64) {
        (self.file, self.position) = (file, position)
    }

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let block = Int(position / Int64(file.blockBytes))
            let end = file.bytes(of: block..<block + 1).upperBound
            let count = min(rest.count, Int(end - position))
            let piece = UnsafeRawBufferPointer(rebasing: rest[..<count])
            try file.write(piece, at: position)
            hash.update(piece)
            position += Int64(count)
            if position == end {
                try file.finish(block, sha256: hash.finalize().hexadecimal)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
