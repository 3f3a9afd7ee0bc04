import CLIP
import Checkpoint
import ModelLoading
public import SystemPackage

/// Whether a model makes embeddings: of pictures, for likeness, and of texts, for search by meaning.
///
/// Known from headers and configuration; no weight is read.
public struct EmbeddingSupport: Equatable, Sendable {
    /// Whether embeddings of one kind can be made.
    public enum Part: Equatable, Sendable {
        /// They can.
        case usable
        /// The model has nothing for it.
        case absent
        /// What there is cannot be used: why.
        case unusable(String)
    }

    /// From pictures.
    public let pictures: Part
    /// From texts.
    public let texts: Part
    /// Numbers in an embedding; nil where none can be made.
    public let dimension: Int?
    /// Whether the model was packed without what embeddings take, though its vision tower is of a CLIP.
    ///
    /// Earlier versions kept nothing of it; `vignette model complete` adds it.
    public let wasPackedWithout: Bool

    /// Looks at a checkpoint folder.
    ///
    /// - Throws: `ModelError` or `CheckpointError` where the model itself cannot be used.
    public init(folder: FilePath) throws {
        let c = try ModelConfiguration(folder: folder)
        let tower = try TowerWeights(c, in: try CheckpointFolder(folder))
        pictures = Self.part(tower.own?.hasVisualProjection ?? false) {
            _ = try tower.picturePart(c.vision)
        }
        texts = Self.part(tower.textFolder != nil) { try tower.textFolder?.checkTextTower() }
        dimension = pictures == .usable ? c.embeddingDimension : nil
        // The configuration is kept as it was published: of the vision tower alone, or of all.
        let isOfCLIP = tower.own?.configuration.holdsObject("text_config") ?? false
        wasPackedWithout = c.isPacked && isOfCLIP && tower.own?.weights == nil
    }

    private static func part(_ isThere: Bool, _ check: () throws -> Void) -> Part {
        guard isThere else { return .absent }
        do {
            try check()
            return .usable
        } catch {
            return .unusable("\(error)")
        }
    }
}
