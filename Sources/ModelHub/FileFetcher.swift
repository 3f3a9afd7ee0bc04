import FileSystem
import Glibc
import SystemPackage

/// Brings files into a partial folder: those that are there stay, the hub's own cache is used, and
/// the rest is downloaded.
struct FileFetcher {
    let folder: PartialFolder
    let cache: CachedRepositories
    /// Nil where nothing may be asked of the network.
    let downloader: Downloader?
    let observer: PullObserver
    let stop: StopSignal

    /// A file of the cache that is smaller is copied rather than linked, so that its time is new.
    private static let linkedFromBytes: Int64 = 1 << 20
    private static let chunk = 1 << 20

    /// Brings files.
    ///
    /// - Parameter plans: The files.
    /// - Returns: The digests of each, verified.
    /// - Throws: `HubError`, `CancellationError`.
    func fetch(_ plans: [PlannedFile]) throws -> [RepositoryPath: FileDigests] {
        observer.need(plans.reduce(0) { $0 + $1.size })
        var digests: [RepositoryPath: FileDigests] = [:]
        for plan in plans { digests[plan.local] = try findVerified(plan) }
        for plan in plans where digests[plan.local] == nil {
            digests[plan.local] = try takeFromCache(plan)
        }
        let missing = plans.filter { digests[$0.local] == nil }
        guard !missing.isEmpty else { return digests }
        guard let downloader else {
            let names = missing.prefix(8).map(\.description).joined(separator: ", ")
            throw HubError(
                cache.cache, "does not hold \(names) unharmed",
                advice: "Run the command without --offline.")
        }
        let needed = missing.reduce(0) { $0 + room(for: $1) }
        try DiskSpace.check(room: needed, at: folder.path)
        digests.merge(try downloader.fetch(missing)) { $1 }
        return digests
    }

    /// Bytes that a file still has to take on the disk.
    private func room(for plan: PlannedFile) -> Int64 {
        max(0, plan.size - FolderSize.bytes(of: folder.data(plan.local)))
    }

    /// A file of an earlier run; read again, since a power cut may have come between.
    private func findVerified(_ plan: PlannedFile) throws -> FileDigests? {
        let path = folder.verified(plan.local)
        guard let size = (try? OpenFile(reading: path))?.size else { return nil }
        if size == plan.size {
            let digests = try FileDigests(of: path, for: plan.digest, stop: stop)
            if let digest = plan.digest, digests.matches(digest) {
                observer.found(plan.size)
                return digests
            }
        }
        _ = path.withPlatformString { unlink($0) }
        return nil
    }

    /// A file of the hub's cache, linked or copied; nil where the cache lacks it or holds it damaged.
    private func takeFromCache(_ plan: PlannedFile) throws -> FileDigests? {
        guard let source = cache.find(plan) else { return nil }
        let target = folder.data(plan.local)
        do {
            // What has arrived of it is worth less than the whole.
            folder.discard(plan.local)
            try folder.makeParents(of: target)
            if plan.size < Self.linkedFromBytes || !link(source, target) {
                try DiskSpace.check(room: plan.size, at: folder.path)
                try copy(source, target)
            }
        } catch let error as Errno {
            throw StorageFailure.error(target, error)
        }
        let digests = try FileDigests(of: target, for: plan.digest, stop: stop)
        guard plan.digest.map(digests.matches) ?? true else {
            folder.discard(plan.local)
            observer.say(.notice("\(source): is damaged in the cache; not used"))
            return nil
        }
        try folder.accept(plan.local)
        observer.found(plan.size)
        observer.say(.verified(plan.local.description))
        return digests
    }

    private func link(_ source: FilePath, _ target: FilePath) -> Bool {
        source.withPlatformString { source in
            target.withPlatformString { Glibc.link(source, $0) == 0 }
        }
    }

    private func copy(_ source: FilePath, _ target: FilePath) throws {
        let (input, output) = (try OpenFile(reading: source), try OpenFile(writing: target))
        var offset: Int64 = 0
        while true {
            try stop.check()
            let bytes = try input.read(at: offset, count: Self.chunk)
            guard !bytes.isEmpty else { return }
            try output.write(bytes, at: offset)
            offset += Int64(bytes.count)
        }
    }
}
