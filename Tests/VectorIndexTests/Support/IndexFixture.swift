import SystemPackage
import TestSupport
import VectorIndex

@testable import vector_index_filler

/// An index of sample vectors in a folder of its own.
struct IndexFixture {
    let directory: TemporaryDirectory
    let path: FilePath
    let description: IndexDescription
    let source: SampleVectors

    init(
        dimension: Int = 40, rows: Int, segmentRows: Int = 64, gone: Set<Int64> = [],
        rowsPerAsset: Int64 = 1
    ) throws {
        directory = try TemporaryDirectory()
        path = directory.path.appending("test.vectors")
        description = try IndexDescription(
            identity: "samples", dimension: dimension, segmentRows: segmentRows)
        source = SampleVectors(
            dimension: dimension, count: rows, gone: gone, rowsPerAsset: rowsPerAsset)
    }

    /// Builds the index.
    @discardableResult func build() throws -> VectorIndexWriter {
        let writer = try VectorIndexWriter(at: path, description)
        try writer.update(from: source)
        return writer
    }

    func open() throws -> VectorIndex { try VectorIndex(at: path, description) }

    /// A query that is near some of the samples.
    func query(_ number: Int) -> [Float] {
        let row = source.vector(Int64(1_000_000 + number))
        return row.values.map { Float($0) * row.scale }
    }

    /// What a search must find: all products in double precision.
    func exact(
        _ query: [Float], count: Int, among assets: AssetSet? = nil, bestOfEachAsset: Bool = false
    ) -> [VectorHit] {
        var seen: Set<Int64> = []
        let vectors = source.vectors(after: nil, limit: .max)
        return vectors.filter { assets?.contains($0.asset) ?? true }
            .map { vector in
                let sum = zip(query, vector.values).reduce(0.0) {
                    $0 + Double($1.0) * Double($1.1)
                }
                return (sum * Double(vector.scale), vector)
            }
            .sorted { ($0.0, $1.1.sequence) > ($1.0, $0.1.sequence) }
            .filter { !bestOfEachAsset || seen.insert($0.1.asset).inserted }
            .prefix(count)
            .map {
                VectorHit(asset: $0.1.asset, second: $0.1.second, similarity: Float($0.0))
            }
    }
}

/// Whether hits are the same but for rounding: assets whose products are all but equal may change places.
func agree(_ hits: [VectorHit], _ expected: [VectorHit]) -> Bool {
    hits.count == expected.count
        && zip(hits, expected).allSatisfy { hit, other in
            abs(hit.similarity - other.similarity) < 1e-5
        }
}
