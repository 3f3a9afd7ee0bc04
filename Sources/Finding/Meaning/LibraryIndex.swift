public import Catalogue
import Digests
public import SystemPackage
public import VectorIndex
public import WorkQueue

/// The index of a catalogue's embeddings by one recipe: a file beside the catalogue, which may be removed at
/// any time.
public struct LibraryIndex: Sendable {
    /// The file: the catalogue's name, and `.vectors`.
    public let path: FilePath
    private let description: IndexDescription
    private let vectors: CatalogueVectors

    /// Names the index; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - catalogue: Whose embeddings.
    ///   - recipe: What made them.
    ///   - dimension: Numbers in each.
    /// - Throws: `CatalogueError`; `VectorIndexError.invalid` for a dimension that no index has.
    public init(of catalogue: Catalogue, by recipe: Recipe, dimension: Int) throws {
        path = FilePath(catalogue.path.string + ".vectors")
        var digest = MessageDigest()
        digest.update(try catalogue.identity())
        for part in [Array(recipe.model.utf8), Array(recipe.version.utf8), recipe.settings] {
            digest.update(Array("\(part.count):".utf8) + part)
        }
        description = try IndexDescription(
            identity: digest.finalize().hexadecimal, dimension: dimension)
        vectors = CatalogueVectors(catalogue: catalogue, recipe: recipe, dimension: dimension)
    }

    /// Opens it for appending, which one process at a time does.
    ///
    /// - Throws: `VectorIndexError.busy` where another one does; `.system`.
    public func writer() throws(VectorIndexError) -> VectorIndexWriter {
        try VectorIndexWriter(at: path, description)
    }

    /// Appends what the catalogue has beyond the last row, or builds the index anew where it must be.
    ///
    /// - Parameters:
    ///   - writer: Of this index.
    ///   - shouldStop: Asked now and then.
    /// - Throws: `VectorIndexError`, `CatalogueError`.
    public func update(_ writer: VectorIndexWriter, shouldStop: () -> Bool) throws {
        try writer.update(from: vectors, shouldStop: shouldStop)
    }

    /// Opens it for searching, up to date where no other process is there that keeps it so.
    ///
    /// - Parameter shouldStop: Asked now and then while it is brought up to date.
    /// - Returns: The index.
    /// - Throws: `VectorIndexError`, `CatalogueError`.
    public func reader(shouldStop: () -> Bool = { false }) throws -> VectorIndex {
        do {
            let index = try VectorIndex(at: path, description)
            let extent = try vectors.extent()
            if index.lastSequence == extent.lastSequence { return index }
        } catch let error as VectorIndexError where error.asksForRebuild {
            // Built below.
        }
        do {
            try update(try writer(), shouldStop: shouldStop)
        } catch let error as VectorIndexError {
            // What is there may lack the newest; only where nothing is there is it an error.
            guard let index = try? VectorIndex(at: path, description) else { throw error }
            return index
        }
        return try VectorIndex(at: path, description)
    }
}
