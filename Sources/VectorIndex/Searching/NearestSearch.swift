import CKernels
import Tensor

/// One search through a snapshot.
///
/// 1. Each sealed row's product is estimated from its signs. A sample of rows is multiplied out, which
///    tells how far estimates are off for this query.
/// 2. The rows with the best estimates are multiplied out, and those of the segment that is not sealed. The
///    last of the best so far is a bound: no row below it is wanted.
/// 3. Each further row whose estimate does not rule it out, `certainty` deviations allowed for, is
///    multiplied out too; none whose product cannot be of interest.
///
/// The sums of 1 and the products of 2 and 3 are shared by all threads.
struct NearestSearch {
    /// How many deviations a row's estimate may be too low before the row is missed: fourteen in a thousand of
    /// those that are at the bound, and fewer of those above.
    static let certainty = 2.2
    /// So many rows are multiplied out in any case.
    private static let fewest = 2048
    private static let sampleRows = 1024
    /// From how many estimates the bound of the first candidates is taken.
    private static let quantileRows = 4096

    let snapshot: IndexSnapshot
    let query: [Float]
    let count: Int
    let assets: AssetSet?
    let bestOfEachAsset: Bool
    /// The least product that is of interest.
    let least: Float
    /// How many of the first segments need not be checked.
    let wholeSegments: Int
    let memory: SearchMemory

    func run() throws(VectorIndexError) -> NearestVectors {
        try estimateProducts()
        let sample = evenlySpread(Self.sampleRows, of: snapshot.commit.rows)
        let similarities = try RowScores(snapshot, query).scores(of: sample)
        let background = SimilarityDistribution(similarities.map(Double.init))
        guard count > 0 else {
            return NearestVectors(hits: [], background: background, scoredRows: sample.count)
        }
        let slack = slack(of: sample, similarities)
        let allowed = keepAllowed()
        // No row whose estimate is below has a product that is of interest.
        let lowest = Float(max(Double(least) - slack, -Double(Float.greatestFiniteMagnitude)))
        let first = max(
            bound(ofBest: max(Self.fewest, 8 * count, allowed / 512), among: allowed), lowest)
        var best = BestRows(snapshot: snapshot, count: count, bestOfEachAsset: bestOfEachAsset)
        best.add(try scored(tailRows()))
        best.add(try scored(rows(from: first, below: .infinity)))
        let second = best.isFull ? max(Float(Double(best.bound) - slack), lowest) : lowest
        if second < first { best.add(try scored(rows(from: second, below: first))) }
        return NearestVectors(
            hits: best.hits, background: background, scoredRows: sample.count + best.rowsSeen)
    }

    // MARK: Estimates

    /// Writes an estimate of each sealed row.
    private func estimateProducts() throws(VectorIndexError) {
        nonisolated(unsafe) let estimates = memory.estimates
        let layout = snapshot.layout
        var mixed = query
        vk_mix(&mixed, mixed.count)
        let query = mixed
        let damaged = FirstPlace()
        ComputePool.shared.parallel(count: snapshot.sealedSegments) { segment in
            guard segment < wholeSegments || snapshot.isWhole(segment) else {
                damaged.note(segment)
                return
            }
            withUnsafeTemporaryAllocation(
                of: UInt64.self, capacity: layout.words * Int(VK_SIGN_PLANES)
            ) { planes in
                var prepared = vk_sign_query()
                prepared.planes = planes.baseAddress
                vk_prepare_sign_query(
                    query, snapshot.centre(of: segment), snapshot.spread(of: segment),
                    layout.dimension, &prepared)
                vk_estimate_products(
                    &prepared, snapshot.signs(of: segment), snapshot.factors(of: segment),
                    layout.segmentRows, layout.words, estimates + segment * layout.segmentRows)
            }
        }
        if let segment = damaged.place {
            throw snapshot.damage("its segment \(segment) is damaged")
        }
    }

    /// How far below a bound estimates of rows above it may lie.
    private func slack(of sample: [UInt32], _ similarities: [Float]) -> Double {
        let errors = zip(sample, similarities).filter { $0.0 < UInt32(snapshot.sealedRows) }
            .map { Double($0.1) - Double(memory.estimates[Int($0.0)]) }
        let distribution = SimilarityDistribution(errors)
        return distribution.mean + Self.certainty * distribution.deviation
    }

    /// Rules out the sealed rows of assets that may not be found, and counts the others.
    private func keepAllowed() -> Int {
        guard let assets else { return snapshot.sealedRows }
        nonisolated(unsafe) let (estimates, places) = (memory.estimates, memory.places)
        let rows = snapshot.layout.segmentRows
        ComputePool.shared.parallel(count: snapshot.sealedSegments) { segment in
            places[segment] = UInt32(
                vk_keep_assets(
                    snapshot.assets(of: segment), rows, assets.words, assets.words.count * 64,
                    estimates + segment * rows))
        }
        return (0..<snapshot.sealedSegments).reduce(0) { $0 + Int(places[$1]) }
    }

    /// An estimate that about so many of the sealed rows reach.
    private func bound(ofBest wanted: Int, among allowed: Int) -> Float {
        let lowest = -Float.greatestFiniteMagnitude
        guard allowed > 2 * wanted else { return lowest }
        let rows = assets == nil ? nil : rows(from: lowest, below: .infinity)
        let places = evenlySpread(Self.quantileRows, of: rows?.count ?? allowed)
        let sample = places.map { memory.estimates[Int(rows?[Int($0)] ?? $0)] }.sorted(by: >)
        return sample[min(sample.count * wanted / allowed, sample.count - 1)]
    }

    /// The sealed rows with estimates in a range, in their order.
    private func rows(from low: Float, below high: Float) -> [UInt32] {
        nonisolated(unsafe) let (estimates, places) = (memory.estimates, memory.places)
        let rows = snapshot.layout.segmentRows
        let segments = snapshot.sealedSegments
        return [Int](unsafeUninitializedCapacity: segments) { counts, initialised in
            nonisolated(unsafe) let counts = counts
            ComputePool.shared.parallel(count: segments) { segment in
                let first = segment * rows
                counts[segment] = vk_places_between(
                    estimates + first, rows, low, high, UInt32(first), places + first)
            }
            initialised = segments
        }.enumerated().reduce(into: []) { all, part in
            let first = places + part.offset * rows
            all.append(contentsOf: UnsafeBufferPointer(start: first, count: part.element))
        }
    }

    // MARK: Products

    /// The rows of the segment that is not sealed, as far as they may be found.
    private func tailRows() -> [UInt32] {
        (snapshot.sealedRows..<snapshot.commit.rows).filter { row in
            assets?.contains(snapshot.owner(of: row).asset) ?? true
        }.map(UInt32.init)
    }

    private func scored(_ rows: [UInt32]) throws(VectorIndexError) -> [ScoredRow] {
        let scores = try RowScores(snapshot, query).scores(of: rows)
        return zip(scores, rows).map { ScoredRow(similarity: $0, row: $1) }
    }

    private func evenlySpread(_ wanted: Int, of count: Int) -> [UInt32] {
        let wanted = min(wanted, count)
        return (0..<wanted).map { UInt32($0 * count / wanted) }
    }
}
