import CLIP
public import Catalogue
public import VectorIndex

/// Finds pictures that are like a text.
public protocol TextNearness: Sendable {
    /// Pictures that are like a text, the likest first, each once.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - query: Whose filters must hold.
    ///   - limit: How many at most.
    ///   - isCut: Whether those are left out that are no more like it than others.
    /// - Returns: The pictures, a clip by its likest second.
    /// - Throws: What keeps them from being found.
    func nearest(
        to text: String, _ query: SearchQuery, limit: Int, isCut: Bool
    ) throws -> [VectorHit]
}

/// Pictures of a library that are like a text, by the embeddings of a model.
public struct LibraryNearness: TextNearness {
    private let search: DirectionSearch
    private let encoder: TextEncoder
    private let cut: MeaningCut

    /// Loads the text tower.
    ///
    /// - Parameters:
    ///   - catalogue: The library.
    ///   - meaning: Its embeddings.
    ///   - cut: Where results end; `nil` for the usual one of the model.
    /// - Throws: `NoMeaning` where the model has none; errors of loading it.
    public init(_ catalogue: Catalogue, _ meaning: Meaning, cut: MeaningCut? = nil) throws {
        search = DirectionSearch(catalogue: catalogue, meaning: meaning)
        encoder = try meaning.textEncoder()
        self.cut = cut ?? .usual(encoder.calibration)
    }

    /// See `TextNearness`.
    public func nearest(
        to text: String, _ query: SearchQuery, limit: Int, isCut: Bool
    ) throws -> [VectorHit] {
        try search.nearest(
            to: encoder.embed(text).values, query, limit: limit, cut: isCut ? cut : nil)
    }

    /// The seconds of clips that are like a text, the likest first.
    ///
    /// - Throws: `CatalogueError`, `VectorIndexError`, errors of the text tower.
    func seconds(likest text: String, _ query: SearchQuery, isCut: Bool) throws -> [VectorHit] {
        try search.seconds(to: encoder.embed(text).values, query, cut: isCut ? cut : nil)
    }
}
