/// What can be wanted of an asset.
public enum WorkKind: String, CaseIterable, Sendable {
    /// Captions, tags and vision tokens.
    case describe
    /// A vector for finding by meaning.
    case embed
}

/// How soon work is done; lower values first.
public enum WorkPriority: Int, CaseIterable, Comparable, Sendable {
    /// The first result of its kind for an asset.
    case new = 0
    /// A result that replaces an earlier one.
    case redo = 1

    /// Whether work of the first is done before work of the second.
    public static func < (first: WorkPriority, second: WorkPriority) -> Bool {
        first.rawValue < second.rawValue
    }
}

/// Something that is wanted of an asset.
public struct WorkOrder: Equatable, Sendable {
    /// The asset's number.
    public var asset: Int64
    /// What is wanted.
    public var kind: WorkKind
    /// What shall make it.
    public var recipe: Recipe
    /// How soon.
    public var priority: WorkPriority
    /// Of equal priority the larger goes first: when a file of the asset changed last, in nanoseconds
    /// since 1970.
    public var newness: Int64

    /// Builds an order from its parts.
    public init(
        asset: Int64, kind: WorkKind, recipe: Recipe, priority: WorkPriority, newness: Int64
    ) {
        self.asset = asset
        self.kind = kind
        self.recipe = recipe
        self.priority = priority
        self.newness = newness
    }
}

/// Where work stands that is not done; what is done leaves the queue.
public enum WorkState: String, CaseIterable, Sendable {
    /// Ready to be leased, at once or at a set time.
    case queued
    /// In a worker's hands.
    case leased
    /// Given up until somebody asks again.
    case failed
}
