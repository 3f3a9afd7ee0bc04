import JSONScanning

/// Which files of a repository a model needs.
///
/// Everything is chosen by name, and only files whose use is known: no code, no other formats of the
/// same weights.
enum FileSelection {
    static let configuration = "config.json"
    static let shardIndex = "model.safetensors.index.json"
    static let singleFile = "model.safetensors"
    private static let required = ["config.json", "tokenizer.json"]
    private static let welcome = [
        "generation_config.json", "tokenizer_config.json", "preprocessor_config.json",
    ]

    /// Terms that go with the weights, by the beginning of their names: whoever passes the model on
    /// has to pass them on as well.
    private static let legal = ["LICENSE", "NOTICE", "USE_POLICY"]

    /// The checkpoint's small files, which say what else is needed.
    ///
    /// - Throws: `HubError` naming what is missing.
    static func small(
        in files: Set<RepositoryPath>, of repository: PinnedRepository
    ) throws -> [RepositoryPath] {
        let missing = required.filter { !holds($0, files) }
        let weights = [singleFile, shardIndex].first { holds($0, files) }
        guard missing.isEmpty, let weights else {
            let absent = missing + (weights == nil ? ["\(singleFile) or \(shardIndex)"] : [])
            throw HubError(
                repository, "lacks \(absent.joined(separator: ", "))",
                advice: "Name the repository of a LLaVA-Mini checkpoint in the safetensors format.")
        }
        let index = weights == shardIndex ? [shardIndex] : []
        let named = (required + welcome + index).compactMap { RepositoryPath($0) }
            .filter(files.contains)
        let terms = files.filter { file in
            file.parent.isEmpty && legal.contains { file.name.hasPrefix($0) }
        }
        return named + terms.sorted()
    }

    /// The checkpoint's weights.
    ///
    /// - Throws: `HubError` where a shard is missing, or has a name that leads elsewhere.
    static func weights(
        in files: Set<RepositoryPath>, index: ShardList?, of repository: PinnedRepository
    ) throws -> [RepositoryPath] {
        guard let index else { return [singleFile].compactMap { RepositoryPath($0) } }
        return try index.shards.map { shard in
            guard let path = RepositoryPath(shard), path.parent.isEmpty, files.contains(path) else {
                throw HubError(
                    repository,
                    "has no shard '\(HubError.printable(shard))', which \(shardIndex) lists")
            }
            return path
        }
    }

    /// The vision tower's files below a folder of a repository.
    ///
    /// - Parameters:
    ///   - files: All files of the repository.
    ///   - folder: Where in it the tower stands; empty for the top.
    ///   - repository: For messages.
    ///   - hasWeights: Whether its weights are needed; a checkpoint may hold them itself.
    /// - Returns: Their paths in the repository.
    /// - Throws: `HubError` naming what is missing.
    static func tower(
        in files: Set<RepositoryPath>, folder: String, of repository: PinnedRepository,
        hasWeights: Bool
    ) throws -> [RepositoryPath] {
        func path(_ name: String) -> RepositoryPath? {
            RepositoryPath(folder.isEmpty ? name : "\(folder)/\(name)").flatMap {
                files.contains($0) ? $0 : nil
            }
        }
        guard let configuration = path(configuration) else {
            throw HubError(repository, "lacks the vision tower's config.json")
        }
        let small = [configuration] + [path("preprocessor_config.json")].compactMap { $0 }
        guard hasWeights else { return small }
        guard let weights = path(singleFile) ?? path("pytorch_model.bin") else {
            throw HubError(
                repository, "lacks the vision tower's model.safetensors and pytorch_model.bin")
        }
        // The other half of a CLIP lies in the same file; this is what cuts texts for it.
        let tokenizer = ["tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json"]
        return small + tokenizer.compactMap(path) + [weights]
    }

    private static func holds(_ name: String, _ files: Set<RepositoryPath>) -> Bool {
        RepositoryPath(name).map(files.contains) ?? false
    }
}

/// The part of `model.safetensors.index.json` that a download needs.
struct ShardList {
    /// The shards' names, in order.
    let shards: [String]
    /// Whether the vision tower's tensors are among the checkpoint's own.
    let holdsTower: Bool

    static let maximumByteCount = 100_000_000
    private static let maximumShardCount = 10_000

    /// Reads an index.
    ///
    /// - Throws: `JSONScanner.Failure` where it is none.
    init(_ json: [UInt8]) throws {
        var shards: Set<String> = []
        var holdsTower = false
        try json.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            try scanner.object { scanner, key in
                guard key == "weight_map" else { return try scanner.skipValue() }
                try scanner.object { scanner, tensor in
                    shards.insert(try scanner.string())
                    if tensor.hasPrefix("model.vision_tower.") { holdsTower = true }
                    guard shards.count <= Self.maximumShardCount else {
                        throw scanner.failure("more than \(Self.maximumShardCount) shards")
                    }
                }
            }
            try scanner.expectEnd()
            guard !shards.isEmpty else { throw scanner.failure("no 'weight_map' with shards") }
        }
        self.shards = shards.sorted()
        self.holdsTower = holdsTower
    }
}
