public import struct FoundationEssentials.Date

/// Work that is wanted of assets, lent out piece by piece.
///
/// All calls block and may come from any thread. Each is one transaction: it happens wholly or not at
/// all. A lease is *void* once the work was lent to somebody else, done, given up or taken back; with a
/// void lease nothing is changed or stored.
public protocol WorkQueue: Sendable {
    /// What calls throw.
    associatedtype Failure: Error

    /// Adds work.
    ///
    /// What is wanted already, or has been done by the same recipe, is not added; work that was given up
    /// is queued again.
    ///
    /// - Returns: How many of the orders were new or had been given up.
    func offer(_ orders: [WorkOrder], at now: Date) throws(Failure) -> Int

    /// Lends out work that is ready, the attempt counted and committed before anybody begins.
    ///
    /// A lease that has run out is lent out again with a higher number.
    ///
    /// - Returns: The leases, the most urgent first; fewer than asked for, or none, if no more is ready.
    func lease(_ request: LeaseRequest) throws(Failure) -> [WorkLease]

    /// Makes a lease last longer.
    ///
    /// - Returns: Whether it still stood.
    func renew(_ lease: WorkLease, until: Date) throws(Failure) -> Bool

    /// Stores a description and ends its work; until then the asset keeps the texts that it had.
    ///
    /// - Parameters:
    ///   - lease: Of kind `.describe`.
    ///   - result: What the model said; its own tokens are stored before those of `tokens`.
    ///   - now: The moment.
    ///   - tokens: Called at most once, within the transaction, with what to hand each further token to;
    ///     must not use the queue. What it throws rolls everything back.
    /// - Returns: Whether the result was stored.
    /// - Throws: What `tokens` throws, and what keeps the queue from being written.
    func complete(
        _ lease: WorkLease, with result: DescribedAsset, at now: Date,
        tokens: (_ store: (VisionToken) throws -> Void) throws -> Void
    ) throws(Failure) -> Bool

    /// Stores embeddings and ends their work.
    ///
    /// - Parameters:
    ///   - lease: Of kind `.embed`.
    ///   - result: The embeddings, in place of earlier ones of the same recipe.
    ///   - now: The moment.
    /// - Returns: Whether they were stored.
    /// - Throws: What keeps the queue from being written.
    func complete(_ lease: WorkLease, with result: EmbeddedAsset, at now: Date) throws(Failure)
        -> Bool

    /// Ends an attempt that went wrong.
    ///
    /// - Returns: Where the work stands now, or `nil` if the lease was void.
    func fail(_ lease: WorkLease, _ failure: WorkFailure, at now: Date) throws(Failure)
        -> WorkState?

    /// Gives work back untried; the attempt does not count.
    ///
    /// - Parameters:
    ///   - lease: The lease.
    ///   - delay: How long to leave it alone.
    ///   - now: The moment.
    /// - Throws: What keeps the queue from being written.
    func release(_ lease: WorkLease, retryAfter delay: Duration?, at now: Date) throws(Failure)
}
