public import Foundation
import GRDB
public import WorkQueue

extension Catalogue: WorkQueue {
    /// Adds work that is neither wanted nor done; what was given up is queued again.
    ///
    /// One transaction.
    public func offer(
        _ orders: [WorkOrder], at now: Date = Date()
    ) throws(CatalogueError) -> Int {
        try write { database in
            var count = 0
            for order in orders where try !database.isDone(order) {
                count += try database.want(order, at: now.timeIntervalSince1970) ? 1 : 0
            }
            return count
        }
    }

    /// Lends out work whose asset has a file that can be read now.
    ///
    /// One transaction. Descriptions of new pictures come before those that replace others; of each the
    /// least interrupted, then the least tried, then those whose files changed last. What was interrupted
    /// too often among others is lent out alone, as `lease(limit:owner:at:)` says.
    public func lease(_ request: LeaseRequest) throws(CatalogueError) -> [WorkLease] {
        let time = request.now.timeIntervalSince1970
        return try write { database in
            try database.takeBack(expiredBy: time)
            let inHand = try database.inHand()
            guard !inHand.needsQuiet else { return [] }
            let recipes = try database.recipeIDs(request.recipes)
            var leases: [WorkLease] = []
            while leases.count < request.limit {
                guard let next = try database.nextWork(request.kinds, recipes, at: time),
                    next.interruptions == 0 || leases.isEmpty,
                    !(next.interruptions >= maximumSharedInterruptions && inHand.any)
                else { break }
                let lease = try database.lend(
                    next.id, to: request.worker, until: request.until, at: time)
                if let lease { leases.append(lease) }
                if next.interruptions > 0 { break }
            }
            return leases
        }
    }

    /// Makes a lease last longer; whether it still stood.
    ///
    /// One transaction.
    public func renew(_ lease: WorkLease, until: Date) throws(CatalogueError) -> Bool {
        try write { database in
            guard try database.holds(lease) else { return false }
            try database.run(
                "UPDATE work SET leased_until = ? WHERE id = ?",
                [until.timeIntervalSince1970, lease.id])
            return true
        }
    }

    /// Ends an attempt that went wrong.
    ///
    /// One transaction. When it was the last attempt, the jobs of files that wait for the work fail with
    /// its reason.
    public func fail(
        _ lease: WorkLease, _ failure: WorkFailure, at now: Date = Date()
    ) throws(CatalogueError) -> WorkState? {
        try fail(lease, failure, of: nil, at: now)
    }

    /// Ends an attempt that went wrong with one file of the asset.
    ///
    /// One transaction. Files of one identity need not be equally whole: when it was the last attempt and
    /// others wait for the same work, only that file's job fails, and the work goes on with another file.
    ///
    /// - Parameters:
    ///   - lease: The lease; if it is void, nothing happens.
    ///   - failure: What went wrong.
    ///   - file: The number of the file that was read.
    ///   - now: The moment.
    /// - Returns: Where the file's part of the work stands now, or `nil` if the lease was void.
    /// - Throws: `CatalogueError`.
    public func fail(
        _ lease: WorkLease, _ failure: WorkFailure, of file: Int64?, at now: Date = Date()
    ) throws(CatalogueError) -> WorkState? {
        let time = now.timeIntervalSince1970
        return try write { database in
            guard try database.holds(lease) else { return nil }
            let reason = StoredText.clean(failure.reason)
            guard let delay = failure.retryAfter, lease.attempt < maximumAttempts else {
                if let file,
                    try database.giveUp(
                        file: file, of: lease, reason: reason, codecs: failure.codecs, at: time)
                {
                    return .failed
                }
                try database.giveUp(
                    work: lease.id, reason: reason, codecs: failure.codecs, at: time)
                return .failed
            }
            try database.postpone(
                .work, lease.id, until: time + delay / .seconds(1), reason: reason, at: time)
            return .queued
        }
    }

    /// Gives work back untried; the attempt does not count.
    ///
    /// One transaction.
    public func release(
        _ lease: WorkLease, retryAfter delay: Duration? = nil, at now: Date = Date()
    ) throws(CatalogueError) {
        let time = now.timeIntervalSince1970
        try write { database in
            guard try database.holds(lease) else { return }
            try database.putBack(
                .work, lease.id, until: delay.map { time + $0 / .seconds(1) }, at: time)
        }
    }

    /// Gives work that is wanted because nothing has described its asset yet to another recipe: the one
    /// that describes from now on.
    ///
    /// Several short transactions. Work to describe something again keeps the recipe that was asked for.
    ///
    /// - Returns: How much was wanted of other recipes.
    /// - Throws: `CatalogueError`.
    public func retargetNewWork(
        to recipe: Recipe, at now: Date = Date()
    ) throws(CatalogueError) -> Int {
        var count = 0
        var last: Int64 = 0
        try writeInSlices { database in
            let recipeID = try database.recipeID(recipe)
            let works = try Int64.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT id FROM work WHERE id > ? AND kind = 'describe' AND priority = 0
                            AND state = 'queued' AND recipe_id <> ? ORDER BY id LIMIT 100
                        """), arguments: [last, recipeID])
            for work in works {
                try database.run(
                    """
                    UPDATE OR REPLACE work SET recipe_id = ?, updated_at = ? WHERE id = ?
                        AND NOT EXISTS (SELECT 1 FROM work AS other
                            WHERE other.asset_id = work.asset_id AND other.kind = work.kind
                                AND other.recipe_id = ?1 AND other.state = 'leased')
                    """, [recipeID, now.timeIntervalSince1970, work])
                last = work
            }
            count += works.count
            return !works.isEmpty
        }
        return count
    }
}
