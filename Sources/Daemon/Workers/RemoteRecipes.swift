import Captioning
import Foundation
import LLaVAMini
import RemoteWork
import WorkQueue

/// What this library asks other machines for: the recipes of the present model.
struct RemoteRecipes {
    /// As the queue has them.
    let published: [QueueRecipe]
    /// What embeddings are made by; `nil` where the model makes none.
    let embedding: Recipe?
    /// Numbers in an embedding.
    let dimension: Int?
    private let recipe: Recipe

    init(_ context: PipelineContext) throws {
        recipe = context.recipe
        embedding = context.embeddingRecipe
        dimension =
            embedding == nil
            ? nil : try EmbeddingSupport(folder: context.captioner.folder).dimension
        let prompts = try JSONEncoder().encode(context.captioner.settings)
        published =
            [QueueRecipe(kind: .describe, recipe: recipe, prompts: Array(prompts))]
            + (embedding.map { [QueueRecipe(kind: .embed, recipe: $0)] } ?? [])
    }

    /// Whether the model is still the same.
    func isOf(_ context: PipelineContext) -> Bool {
        recipe == context.recipe && embedding == context.embeddingRecipe
    }

    /// The key of the recipe that work is wanted by; `nil` for another model's.
    func key(of lease: WorkLease) -> String? {
        published.first { $0.kind == lease.kind && $0.recipe == lease.recipe }?.key
    }
}
