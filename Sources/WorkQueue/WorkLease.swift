public import struct FoundationEssentials.Date

/// What a worker asks for.
public struct LeaseRequest: Equatable, Sendable {
    /// What the worker can do.
    public var kinds: Set<WorkKind>
    /// The recipes that the worker can follow; `nil` for any.
    public var recipes: Set<Recipe>?
    /// Who asks, for people who look.
    public var worker: String
    /// The most pieces of work to lend out.
    public var limit: Int
    /// When the leases end by themselves; `nil` for as long as the queue's owner lives.
    public var until: Date?
    /// The present moment.
    public var now: Date

    /// Builds a request from its parts.
    public init(
        kinds: Set<WorkKind> = [.describe], recipes: Set<Recipe>? = nil, worker: String,
        limit: Int = 1, until: Date? = nil, now: Date = Date()
    ) {
        self.kinds = kinds
        self.recipes = recipes
        self.worker = worker
        self.limit = limit
        self.until = until
        self.now = now
    }
}

/// Work that is lent to one worker.
public struct WorkLease: Equatable, Sendable {
    /// The work's number.
    public var id: Int64
    /// The fencing number: it grows with every lease of the work, and once the queue has another one,
    /// this lease is void.
    public var number: Int64
    /// The asset's number.
    public var asset: Int64
    /// What is wanted.
    public var kind: WorkKind
    /// What shall make it.
    public var recipe: Recipe
    /// How soon it was wanted.
    public var priority: WorkPriority
    /// Which attempt this is, counted from 1.
    public var attempt: Int

    /// Builds a lease from its parts.
    public init(
        id: Int64, number: Int64, asset: Int64, kind: WorkKind, recipe: Recipe,
        priority: WorkPriority, attempt: Int
    ) {
        self.id = id
        self.number = number
        self.asset = asset
        self.kind = kind
        self.recipe = recipe
        self.priority = priority
        self.attempt = attempt
    }
}

/// Why an attempt went wrong.
public struct WorkFailure: Equatable, Sendable {
    /// What went wrong, in words that name no path.
    public var reason: String
    /// How long to wait before the next attempt; `nil` if another would be pointless.
    public var retryAfter: Duration?
    /// The version of the codecs, if it is they that cannot read the asset: a later one may.
    public var codecs: Int?

    /// Builds a failure from its parts.
    public init(reason: String, retryAfter: Duration?, codecs: Int? = nil) {
        self.reason = reason
        self.retryAfter = retryAfter
        self.codecs = codecs
    }
}
