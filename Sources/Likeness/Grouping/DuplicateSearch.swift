/// Finds copies of pictures, and bursts, among many stills.
///
/// The result does not depend on the order of the stills. Every member of a group belongs with every other
/// (`CompleteLinkage`). A picture is in one `same` group at most, and in one burst at most; of a `same`
/// group only the first takes part in bursts, so that a copy is never one of a burst's pictures.
///
/// Time: for each still one search for candidates (a look-up of its neighbours, or through `HashBands` where no embedding is
/// known) and at most `DuplicateRules.candidates` comparisons of about a millisecond, most of them ended early by the
/// embeddings or the coarsest grids. Memory: some 100 bytes a still, and the pairs found.
public struct DuplicateSearch {
    private let stills: [ComparedStill]
    private let sources: DuplicateSources
    private let rules: DuplicateRules
    private let positions: [Int64: Int]

    /// Prepares a search.
    ///
    /// - Parameters:
    ///   - stills: each asset once; of several with one id the first counts.
    ///   - sources: what they look like.
    ///   - rules: where duplicates end.
    public init(
        _ stills: [ComparedStill], sources: DuplicateSources, rules: DuplicateRules = .standard
    ) {
        var seen: Set<Int64> = []
        self.stills = stills.filter { seen.insert($0.id).inserted }.sorted { $0.id < $1.id }
        self.sources = sources
        self.rules = rules
        positions = Dictionary(
            uniqueKeysWithValues: self.stills.enumerated().map { ($1.id, $0) })
    }

    /// All groups, `same` first, each kind in the order of its lowest asset.
    ///
    /// - Parameter onProgress: Told often how many stills were looked at, and of how many; what it throws ends the
    ///   search.
    /// - Returns: the groups.
    /// - Throws: what the sources throw, and what `onProgress` does.
    public func groups(
        onProgress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws -> [DuplicateGroup] {
        let same = try sameGroups(onProgress)
        var hidden: Set<Int> = []
        for group in same { hidden.formUnion(group.dropFirst()) }
        let bursts = try burstGroups(without: hidden)
        return try same.map { try described($0, .same) } + bursts.map { try described($0, .burst) }
    }

    // MARK: Copies

    private func sameGroups(_ onProgress: (Int, Int) throws -> Void) throws -> [[Int]] {
        let total = stills.count
        var read = 0
        let candidates = try CandidateSearch(
            stills.map(\.id), sources, limit: rules.candidates
        ) { number in
            // Where hashes are read first, that is half of it.
            read = number + 1
            try onProgress(read / 2, total)
        }
        var links: [CompleteLinkage.Link] = []
        for position in stills.indices {
            try onProgress(read > 0 ? (read + position) / 2 : position, total)
            guard let signature = try sources.signature(stills[position].id) else { continue }
            let ids = try candidates.candidates(of: stills[position].id, signature)
            for other in Set(ids.compactMap { positions[$0] }) where other != position {
                if let likeness = try sameLikeness(position, other, signature) {
                    links.append(.init(first: position, second: other, strength: likeness))
                }
            }
        }
        let groups = try CompleteLinkage.groups(links) { first, second in
            guard let signature = try sources.signature(stills[first].id) else { return false }
            return try sameLikeness(first, second, signature) != nil
        }
        return groups.map(bestFirst)
    }

    /// The likeness of two copies of one picture; `nil` where they are none.
    private func sameLikeness(
        _ one: Int, _ other: Int, _ signature: PictureSignature
    ) throws -> Double? {
        let (first, second) = (stills[one], stills[other])
        if let seconds = first.seconds(to: second), rules.otherExposures.contains(seconds) {
            return nil
        }
        if let cosine = try sources.cosine(first.id, second.id), cosine < rules.sameCosine {
            return nil
        }
        guard let otherSignature = try sources.signature(second.id) else { return nil }
        let likeness = signature.likeness(to: otherSignature)
        return likeness >= PictureComparison.sameLikeness ? likeness : nil
    }

    // MARK: Bursts

    private func burstGroups(without hidden: Set<Int>) throws -> [[Int]] {
        let timed = stills.indices.filter { stills[$0].captureTime != nil && !hidden.contains($0) }
        let sorted = timed.sorted {
            (stills[$0].captureTime ?? 0, $0) < (stills[$1].captureTime ?? 0, $1)
        }
        var links: [CompleteLinkage.Link] = []
        for (place, one) in sorted.enumerated() {
            for other in sorted[(place + 1)...].prefix(rules.candidates) {
                let gap = (stills[other].captureTime ?? 0) - (stills[one].captureTime ?? 0)
                guard gap <= rules.burstGap else { break }
                guard try burstScore(one, other) != nil else { continue }
                // Neighbours in time first, so that a long burst is cut into pieces of its time.
                links.append(.init(first: one, second: other, strength: -gap))
            }
        }
        let groups = try CompleteLinkage.groups(links) { try burstScore($0, $1) != nil }
        return groups.map(bestFirst)
    }

    /// How alike two pictures of one burst are; `nil` where they are of none, or the same picture.
    private func burstScore(_ one: Int, _ other: Int) throws -> Double? {
        let (first, second) = (stills[one], stills[other])
        guard let seconds = first.seconds(to: second), seconds <= rules.burstSpan else {
            return nil
        }
        let cosine = try sources.cosine(first.id, second.id)
        if let cosine, cosine < rules.burstCosine { return nil }
        guard let signature = try sources.signature(first.id) else { return cosine }
        if try sameLikeness(one, other, signature) != nil { return nil }
        if let cosine { return cosine }
        guard let otherSignature = try sources.signature(second.id) else { return nil }
        let resemblance = PictureComparison(signature, otherSignature).resemblance
        return resemblance >= rules.burstResemblance ? resemblance : nil
    }

    // MARK: Answers

    private func bestFirst(_ group: [Int]) -> [Int] {
        group.sorted { stills[$0].isBetter(than: stills[$1]) }
    }

    private func described(_ group: [Int], _ kind: DuplicateGroup.Kind) throws -> DuplicateGroup {
        let first = group[0]
        let members = try group.map { member -> DuplicateGroup.Member in
            let score = member == first ? 1 : try score(first, member, kind) ?? 0
            return .init(
                id: stills[member].id, score: score,
                seconds: stills[first].seconds(to: stills[member]))
        }
        return DuplicateGroup(kind: kind, members: members)
    }

    private func score(_ first: Int, _ member: Int, _ kind: DuplicateGroup.Kind) throws -> Double? {
        guard kind == .same else { return try burstScore(first, member) }
        guard let signature = try sources.signature(stills[first].id) else { return nil }
        return try sameLikeness(first, member, signature)
    }
}
