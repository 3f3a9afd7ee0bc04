import Digests
public import WorkQueue

/// A recipe as a queue has it: with the prompts, so that a worker can follow it.
public struct QueueRecipe: Equatable, Sendable {
    /// What is made.
    public var kind: WorkKind
    /// Model, version, digest of the settings.
    public var recipe: Recipe
    /// The settings themselves, as JSON; empty for embeddings.
    public var prompts: [UInt8]

    /// Builds a recipe from its parts.
    public init(kind: WorkKind, recipe: Recipe, prompts: [UInt8] = []) {
        self.kind = kind
        self.recipe = recipe
        self.prompts = prompts
    }

    /// 64 hexadecimal digits: SHA-256 over all but the prompts, of which the recipe has a digest.
    public var key: String {
        var writer = ByteWriter()
        for text in [kind.rawValue, recipe.model, recipe.version] { writer.add(text) }
        writer.add(counted: recipe.settings)
        return MessageDigest.hash(writer.bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            .joined()
    }
}
