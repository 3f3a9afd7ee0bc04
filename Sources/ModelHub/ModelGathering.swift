import FileSystem
import SystemPackage

/// Gathers all files of a model in a partial folder: first those that say what else is needed, then
/// the rest.
struct ModelGathering {
    let source: any RepositorySource
    let fetcher: FileFetcher
    let folder: PartialFolder

    /// A model whose files are all there and verified.
    struct Gathered {
        let manifest: SourceManifest
        let files: [RepositoryPath]
    }

    /// Gathers a model.
    ///
    /// - Parameters:
    ///   - checkpoint: The checkpoint's repository.
    ///   - files: All its files.
    /// - Returns: What was gathered.
    /// - Throws: `HubError`, `CancellationError`.
    func gather(
        _ checkpoint: PinnedRepository, files: Set<RepositoryPath>
    ) throws -> Gathered {
        let small = try FileSelection.small(in: files, of: checkpoint)
            .map { try source.plan($0, of: checkpoint, to: $0) }
        for plan in small { try SizeLimit.check(plan) }
        var digests = try fetcher.fetch(small)

        let index = try shardList(checkpoint, among: small)
        let weights = try FileSelection.weights(in: files, index: index, of: checkpoint)
        let (tower, towerPlans) = try planTower(
            checkpoint, files: files, hasWeights: !(index?.holdsTower ?? false))
        let rest =
            try weights.map { try source.plan($0, of: checkpoint, to: $0) } + towerPlans
        try checkSizes(rest)
        digests.merge(try fetcher.fetch(rest)) { $1 }

        return gathered(small + rest, digests, from: [checkpoint, tower].compactMap { $0 })
    }

    /// Gathers the vision tower's repository alone, with the rest of the CLIP that it is a part of.
    ///
    /// - Parameters:
    ///   - repository: The tower's repository.
    ///   - files: All its files.
    /// - Returns: What was gathered.
    /// - Throws: `HubError`, `CancellationError`.
    func gatherTower(
        _ repository: PinnedRepository, files: Set<RepositoryPath>
    ) throws -> Gathered {
        let plans = try FileSelection.tower(
            in: files, folder: "", of: repository, hasWeights: true
        ).map { try source.plan($0, of: repository, to: $0) }
        try checkSizes(plans)
        return gathered(plans, try fetcher.fetch(plans), from: [repository])
    }

    private func checkSizes(_ plans: [PlannedFile]) throws(HubError) {
        for plan in plans where [".json", ".txt"].contains(where: plan.local.name.hasSuffix) {
            try SizeLimit.check(plan)
        }
    }

    private func gathered(
        _ plans: [PlannedFile], _ digests: [RepositoryPath: FileDigests],
        from repositories: [PinnedRepository]
    ) -> Gathered {
        let listed = plans.compactMap { plan in
            digests[plan.local].map {
                SourceManifest.File(
                    path: plan.local.description, bytes: plan.size, sha256: $0.sha256)
            }
        }
        let sources = repositories.map {
            SourceManifest.Source(
                repository: $0.name.repository, revision: $0.name.revision,
                commit: $0.commit.description)
        }
        return Gathered(
            manifest: SourceManifest(sources: sources, files: listed), files: plans.map(\.local))
    }

    private func shardList(
        _ checkpoint: PinnedRepository, among plans: [PlannedFile]
    ) throws -> ShardList? {
        guard
            let plan = plans.first(where: { $0.remote.description == FileSelection.shardIndex })
        else { return nil }
        do {
            return try ShardList(contents(of: plan))
        } catch let error as HubError {
            throw error
        } catch {
            throw HubError(plan, "is no usable index of shards", cause: error)
        }
    }

    /// The vision tower's repository, where it is another, and its files.
    private func planTower(
        _ checkpoint: PinnedRepository, files: Set<RepositoryPath>, hasWeights: Bool
    ) throws -> (PinnedRepository?, [PlannedFile]) {
        guard let configuration = RepositoryPath(FileSelection.configuration) else {
            return (nil, [])
        }
        let path = folder.verified(configuration)
        let json = try read(path)
        switch try TowerReference(json, files: files, subject: checkpoint) {
        case .folder(let name):
            let paths = try FileSelection.tower(
                in: files, folder: name, of: checkpoint, hasWeights: hasWeights)
            return (nil, try paths.map { try source.plan($0, of: checkpoint, to: $0) })
        case .repository(let name):
            let (tower, towerFiles) = try source.pin(name)
            let paths = try FileSelection.tower(
                in: towerFiles, folder: "", of: tower, hasWeights: hasWeights)
            // The engine looks for a hub name's last component inside the checkpoint's folder.
            let plans = try paths.compactMap { remote in
                try remote.moved(below: name.name).map {
                    try source.plan(remote, of: tower, to: $0)
                }
            }
            return (tower, plans)
        }
    }

    private func contents(of plan: PlannedFile) throws -> [UInt8] {
        try read(folder.verified(plan.local))
    }

    private func read(_ path: FilePath) throws -> [UInt8] {
        do {
            return try BoundedFile.contents(at: path, limit: Int(SizeLimit.small))
        } catch let error as Errno {
            throw StorageFailure.error(path, error)
        } catch {
            throw HubError(path, "cannot be used: \(error)", cause: error)
        }
    }
}

/// How large a file that is no weights may be.
enum SizeLimit {
    /// Four times the largest tokenizer in use.
    static let small: Int64 = 64 << 20

    /// Refuses a file that would be read whole and is too large for that.
    ///
    /// - Throws: `HubError`.
    static func check(_ plan: PlannedFile) throws(HubError) {
        guard plan.size > small else { return }
        throw HubError(plan, "has \(plan.size) bytes, which is absurd for such a file")
    }
}
