public import Foundation
import GRDB
public import WorkQueue

/// Work that was given to other machines, under a number that the lease has for them.
public struct EntrustedWork: Sendable {
    /// The number, as text: 32 hexadecimal digits.
    public var token: String
    /// The lease.
    public var lease: WorkLease
    /// Whether it is a clip's.
    public var isClip: Bool
}

/// A lease, and the number under which other machines have it.
public struct Entrusting: Sendable {
    /// The lease, of this process.
    public var lease: WorkLease
    /// The number, as text: 32 hexadecimal digits.
    public var token: String
    /// What a still is compared by, which is known from here on.
    public var signature: StoredSignature?

    /// Builds it from its parts.
    public init(lease: WorkLease, token: String, signature: StoredSignature? = nil) {
        self.lease = lease
        self.token = token
        self.signature = signature
    }
}

/// Stands before the number in the column that names a lease's holder.
private let entrustedOwner = "workers "

/// Its end by itself is never waited for: whoever entrusts work takes it back.
private let entrustedSeconds = 10 * 365.25 * 86400

extension Catalogue {
    /// Hands leases of this process on to other machines: they outlive the process, and end by an answer or by being
    /// taken back.
    ///
    /// One transaction.
    ///
    /// - Returns: The tokens of those that still stood.
    /// - Throws: `CatalogueError`.
    public func entrust(
        _ leases: [Entrusting], at now: Date = Date()
    ) throws(CatalogueError) -> Set<String> {
        let time = now.timeIntervalSince1970
        return try write { database in
            var tokens: Set<String> = []
            for entrusting in leases where try database.holds(entrusting.lease) {
                try database.run(
                    "UPDATE work SET leased_until = ?, owner = ?, updated_at = ? WHERE id = ?",
                    [
                        time + entrustedSeconds, entrustedOwner + entrusting.token, time,
                        entrusting.lease.id,
                    ])
                if let signature = entrusting.signature {
                    try database.store(signature, of: entrusting.lease.asset)
                }
                tokens.insert(entrusting.token)
            }
            return tokens
        }
    }

    /// All work that other machines have.
    ///
    /// - Throws: `CatalogueError`.
    public func entrusted() throws(CatalogueError) -> [EntrustedWork] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT work.*, model, version, settings
                    FROM work JOIN recipe ON recipe.id = recipe_id
                    WHERE state = 'leased' AND leased_until IS NOT NULL
                    """)
            return try Row.fetchAll(statement).compactMap { row in
                guard let owner: String = row["owner"], owner.hasPrefix(entrustedOwner),
                    let lease = WorkLease(row)
                else { return nil }
                return EntrustedWork(
                    token: String(owner.dropFirst(entrustedOwner.count)), lease: lease,
                    isClip: row["is_clip"])
            }
        }
    }

    /// Takes work back from other machines, uncounted; what they still answer is void.
    ///
    /// One transaction.
    ///
    /// - Throws: `CatalogueError`.
    public func takeBack(
        _ works: [EntrustedWork], at now: Date = Date()
    ) throws(CatalogueError) {
        guard !works.isEmpty else { return }
        let time = now.timeIntervalSince1970
        try write { database in
            for work in works where try database.holds(work.lease) {
                try database.putBack(.work, work.lease.id, until: nil, at: time)
            }
        }
    }
}
