/// Which pictures are worth comparing with a picture.
///
/// The neighbours of its embedding, and those that are near by hash and have no embedding; for a picture without
/// embedding, all that are near by hash.
struct CandidateSearch {
    private let sources: DuplicateSources
    private let limit: Int
    /// The assets that the bands' positions stand for.
    private let hashed: [Int64]
    private let bands: HashBands
    private let withoutEmbedding: Set<Int64>

    /// Reads every signature once, unless all assets have embeddings.
    ///
    /// - Parameters:
    ///   - ids: The assets.
    ///   - sources: Where they are read.
    ///   - limit: The most candidates of each kind.
    ///   - onRead: Told how many were read.
    /// - Throws: What the sources and `onRead` throw.
    init(
        _ ids: [Int64], _ sources: DuplicateSources, limit: Int,
        onRead: (Int) throws -> Void = { _ in }
    ) throws {
        self.sources = sources
        self.limit = limit
        withoutEmbedding = Set(try ids.filter { try !sources.hasEmbedding($0) })
        var hashed: [Int64] = []
        var hashes: [PerceptualHash] = []
        for (number, id) in (withoutEmbedding.isEmpty ? [] : ids).enumerated() {
            try onRead(number)
            guard let hash = try sources.signature(id).flatMap(PerceptualHash.init) else {
                continue
            }
            hashed.append(id)
            hashes.append(hash)
        }
        self.hashed = hashed
        bands = HashBands(hashes)
    }

    /// Assets, at most twice the limit; perhaps itself among them.
    func candidates(of id: Int64, _ signature: PictureSignature) throws -> [Int64] {
        let hasEmbedding = !withoutEmbedding.contains(id)
        var result = hasEmbedding ? Array(try sources.neighbours(id).prefix(limit)) : []
        guard !hashed.isEmpty else { return result }
        let near = bands.nearest(to: PerceptualHash.ofParts(signature), limit: limit)
        for (position, _) in near {
            let other = hashed[position]
            if !hasEmbedding || withoutEmbedding.contains(other) { result.append(other) }
        }
        return result
    }
}
