import Catalogue
import VectorIndex
import WorkQueue

/// The embeddings of a catalogue as an index takes them.
struct CatalogueVectors: VectorSource {
    let catalogue: Catalogue
    let recipe: Recipe
    /// Numbers in an embedding.
    let dimension: Int

    func extent() throws -> (count: Int, lastSequence: Int64?) {
        (
            try catalogue.embeddingCount(by: recipe).rows,
            try catalogue.lastEmbedding(by: recipe)
        )
    }

    func vectors(after sequence: Int64?, limit: Int) throws -> [IndexedVector] {
        try catalogue.embeddings(by: recipe, after: sequence ?? 0, limit: limit).map { row in
            IndexedVector(
                sequence: row.number, asset: row.asset,
                second: row.embedding.second ?? IndexedVector.wholeAsset,
                values: fitting(row.embedding.values), scale: row.embedding.scale)
        }
    }

    /// One that somebody shortened or lengthened is like nothing, and no reason to index none of the others.
    private func fitting(_ values: [Int8]) -> [Int8] {
        values.count == dimension ? values : [Int8](repeating: 0, count: dimension)
    }
}
