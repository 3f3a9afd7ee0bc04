public import CLIP
import Captioning
public import Catalogue
import LLaVAMini
public import SystemPackage
public import VectorIndex
public import WorkQueue

/// The embeddings that a model makes, and where those of a library are found.
public struct Meaning: Sendable {
    /// What makes them.
    public let recipe: Recipe
    /// The model's folder.
    public let folder: FilePath
    /// Where they lie.
    public let index: VectorIndex

    /// Opens what a library is searched by.
    ///
    /// - Parameters:
    ///   - catalogue: The library.
    ///   - folder: The model's folder.
    /// - Throws: `NoMeaning` where there is nothing to search by; `VectorIndexError`, `CatalogueError`, and
    ///   errors of reading the model's folder.
    public init(of catalogue: Catalogue, model folder: FilePath) throws {
        let support = try EmbeddingSupport(folder: folder)
        recipe = try Self.recipe(of: folder, support)
        self.folder = folder
        guard let dimension = support.dimension,
            try catalogue.lastEmbedding(by: recipe) != nil
        else {
            throw NoMeaning(
                "no picture has been looked at by '\(Self.name(of: folder))' for its meaning yet")
        }
        index = try LibraryIndex(of: catalogue, by: recipe, dimension: dimension).reader()
    }

    /// What a model's embeddings are made by.
    ///
    /// - Parameter folder: The model's folder.
    /// - Returns: The recipe.
    /// - Throws: `NoMeaning` where it makes none, and errors of reading the folder.
    public static func recipe(of folder: FilePath) throws -> Recipe {
        try recipe(of: folder, EmbeddingSupport(folder: folder))
    }

    private static func recipe(of folder: FilePath, _ support: EmbeddingSupport) throws -> Recipe {
        let name = name(of: folder)
        switch support.pictures {
        case .usable: break
        case .absent: throw NoMeaning("the model '\(name)' makes no embeddings")
        case .unusable(let reason):
            throw NoMeaning("what the model '\(name)' makes embeddings with is unusable: \(reason)")
        }
        let identity = try ModelIdentity(folder: folder)
        return Recipe(
            embeddingsOf: identity.name, version: try identity.embeddingVersion(in: folder))
    }

    private static func name(of folder: FilePath) -> String {
        folder.lastComponent?.string ?? folder.string
    }

    /// Puts it together from its parts.
    init(recipe: Recipe, folder: FilePath, index: VectorIndex) {
        (self.recipe, self.folder, self.index) = (recipe, folder, index)
    }

    /// What makes embeddings of texts.
    ///
    /// - Throws: `NoMeaning` where the model has nothing for texts; errors of loading it.
    public func textEncoder() throws -> TextEncoder {
        guard let encoder = try LLaVAMini.textEncoder(of: folder) else {
            throw NoMeaning("the model '\(recipe.model)' makes no embeddings of texts")
        }
        return encoder
    }
}

/// Why a library cannot be searched by meaning.
public struct NoMeaning: Error, CustomStringConvertible {
    /// Why, in a clause.
    public let description: String

    init(_ description: String) { self.description = description }
}
