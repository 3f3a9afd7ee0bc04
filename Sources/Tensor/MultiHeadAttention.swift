import CKernels

/// Which keys a query sees.
public enum AttentionMask: Sendable {
    /// Every query sees every key.
    case none
    /// The queries are the last positions of the keys, and each sees the keys up to its own.
    ///
    /// Keys marked in `hidden` are seen by nobody; the marks are those of the last keys.
    case causal(hidden: [Bool])

    /// Causal, nothing hidden.
    public static let causal = AttentionMask.causal(hidden: [])
}

/// Scaled dot-product attention over several heads; groups of query heads may share keys.
///
/// Queries are taken in blocks, so that memory is linear in the number of keys.
public struct MultiHeadAttention: Sendable {
    /// Heads of the queries.
    public let heads: Int
    /// Heads of keys and values; divides `heads`.
    public let keyValueHeads: Int
    /// Numbers in a head.
    public let headWidth: Int
    /// Whether queries, keys, weights and values may be rounded to bfloat16 where that is quicker.
    public let rounds: Bool

    /// Rows for which a head's keys and values are copied once.
    private static let blockRows = 320
    /// Multiply-adds from which on sharing the heads out pays.
    private static let worthSharing = 1_000_000

    /// Describes the heads.
    ///
    /// - Parameters:
    ///   - heads: Heads of the queries.
    ///   - keyValueHeads: Heads of keys and values.
    ///   - headWidth: Numbers in a head.
    ///   - rounds: Whether numbers may be rounded to bfloat16, as those may that packed weights made; only many
    ///     rows at once ever are, and only by processors that multiply such numbers.
    /// - Precondition: key–value heads divide heads.
    public init(heads: Int, keyValueHeads: Int, headWidth: Int, rounds: Bool = false) {
        precondition(keyValueHeads > 0 && headWidth > 0 && heads % keyValueHeads == 0)
        self.heads = heads
        self.keyValueHeads = keyValueHeads
        self.headWidth = headWidth
        self.rounds = rounds
    }

    var group: Int { heads / keyValueHeads }
    var scale: Float { 1 / Float(headWidth).squareRoot() }

    /// Attends: queries [rows, heads × headWidth] to a result of that shape.
    ///
    /// - Parameters:
    ///   - queries: The queries, turned already where positions are rotary.
    ///   - segments: Keys and values, one segment's positions after the other's.
    ///   - mask: Which keys a query sees.
    /// - Returns: sums of values, each weighted by how its key answers the query.
    public func callAsFunction(
        _ queries: Matrix, over segments: [KeyValues], mask: AttentionMask
    ) -> Matrix {
        var result = Matrix(uninitialisedRows: queries.rows, columns: queries.columns)
        let part = AttentionPart(rows: 0..<queries.rows, segments: segments, mask: mask)
        attend(queries, [part], into: &result)
        return result
    }

    /// Attends for several sequences at once, each with keys and values of its own.
    ///
    /// - Parameters:
    ///   - queries: All sequences' rows [rows, heads × headWidth].
    ///   - parts: Which rows are whose.
    /// - Returns: a result of the queries' shape; rows of no part mean nothing.
    public func callAsFunction(_ queries: Matrix, parts: [AttentionPart]) -> Matrix {
        var result = Matrix(uninitialisedRows: queries.rows, columns: queries.columns)
        attend(queries, parts, into: &result)
        return result
    }

    /// Attends, and also gives the weights of each key in each head: `heads` times [rows, keys].
    public func withWeights(
        _ queries: Matrix, over segments: [KeyValues], mask: AttentionMask
    ) -> (result: Matrix, weights: [Matrix]) {
        var result = Matrix(uninitialisedRows: queries.rows, columns: queries.columns)
        let keys = segments.reduce(0) { $0 + $1.count }
        var weights = [Matrix](
            repeating: Matrix(rows: queries.rows, columns: keys), count: heads)
        let part = AttentionPart(rows: 0..<queries.rows, segments: segments, mask: mask)
        result.write { target in
            for task in tasks(for: [part]) {
                task.run(self, queries, into: target) { head, row, scores, columns in
                    weights[head].write {
                        $0.advanced(by: row * keys).update(from: scores, count: columns)
                    }
                }
            }
        }
        return (result, weights)
    }

    /// Attends, and hands on every row of weights as it is computed; none is kept.
    ///
    /// - Parameters:
    ///   - queries: All sequences' rows [rows, heads × headWidth].
    ///   - parts: Which rows are whose.
    ///   - observe: Given the part's place, the head, the row within the part, the weights of the first keys
    ///     that the row may see, and how many they are.
    /// - Returns: a result of the queries' shape; rows of no part mean nothing.
    public func observing(
        _ queries: Matrix, parts: [AttentionPart],
        _ observe:
            @escaping (
                _ part: Int, _ head: Int, _ row: Int, UnsafePointer<Float>, Int
            ) -> Void
    ) -> Matrix {
        var result = Matrix(uninitialisedRows: queries.rows, columns: queries.columns)
        result.write { target in
            for (place, part) in parts.enumerated() {
                for task in tasks(for: [part]) {
                    task.run(self, queries, into: target) { observe(place, $0, $1, $2, $3) }
                }
            }
        }
        return result
    }

    /// Attends, and sums the weights over the heads as they are computed.
    ///
    /// Of one head no more than a block of rows is ever kept; blocks are shared out over the threads.
    ///
    /// - Parameters:
    ///   - queries: All sequences' rows [rows, heads × headWidth].
    ///   - parts: Which rows are whose.
    /// - Returns: a result of the queries' shape, and of each part the weights averaged over the heads [rows, keys].
    public func averagingWeights(
        _ queries: Matrix, parts: [AttentionPart]
    ) -> (result: Matrix, weights: [Matrix]) {
        var result = Matrix(uninitialisedRows: queries.rows, columns: queries.columns)
        let weights = result.write { target in
            parts.map { average(queries, $0, into: target) }
        }
        return (result, weights)
    }

    private func average(
        _ queries: Matrix, _ part: AttentionPart, into target: UnsafeMutablePointer<Float>
    ) -> Matrix {
        let (tasks, keys, share) = (tasks(for: [part]), part.keys, 1 / Float(heads))
        var weights = Matrix(rows: part.rows.count, columns: keys)
        weights.write { sums in
            // Every block of rows, which is so many tasks, writes to rows of its own.
            nonisolated(unsafe) let (sums, target) = (sums, target)
            ComputePool.shared.parallel(count: tasks.count / keyValueHeads) { block in
                for task in tasks[block * keyValueHeads..<(block + 1) * keyValueHeads] {
                    task.run(self, queries, into: target) { _, row, seen, columns in
                        let sum = sums + row * keys
                        for column in 0..<columns { sum[column] += seen[column] * share }
                    }
                }
            }
        }
        return weights
    }

    private func attend(_ queries: Matrix, _ parts: [AttentionPart], into result: inout Matrix) {
        precondition(queries.columns == heads * headWidth)
        let tasks = tasks(for: parts)
        let work = tasks.reduce(0) { $0 + $1.multiplyAdds(headWidth) }
        OperationCount.add(multiplyAdds: work)
        result.write { target in
            // Every task writes to rows and columns of its own.
            nonisolated(unsafe) let target = target
            guard work >= Self.worthSharing else {
                for task in tasks { task.run(self, queries, into: target, observe: nil) }
                return
            }
            ComputePool.shared.parallel(count: tasks.count) { index in
                tasks[index].run(self, queries, into: target, observe: nil)
            }
        }
    }

    /// A task for each block of rows and each key–value head; large first, to end together.
    private func tasks(for parts: [AttentionPart]) -> [AttentionTask] {
        parts.flatMap { part in
            let visibility = Visibility(part.mask, queries: part.rows.count, keys: part.keys)
            precondition(part.segments.allSatisfy { $0.width == keyValueHeads * headWidth })
            let (rows, blocks) = (
                part.rows.count, (part.rows.count + Self.blockRows - 1) / Self.blockRows
            )
            return (0..<blocks).reversed().flatMap { number in
                let block = rows * number / blocks..<rows * (number + 1) / blocks
                return (0..<keyValueHeads).map {
                    AttentionTask(
                        part: part, block: block, keyValueHead: $0, visibility: visibility)
                }
            }
        }
    }
}

/// Consecutive rows of queries that attend to keys of their own.
public struct AttentionPart: Sendable {
    let rows: Range<Int>
    let segments: [KeyValues]
    let mask: AttentionMask

    var keys: Int { segments.reduce(0) { $0 + $1.count } }

    /// Describes a sequence's rows.
    ///
    /// - Parameters:
    ///   - rows: Where its queries stand among all.
    ///   - segments: Its keys and values, one segment's positions after the other's.
    ///   - mask: Which keys a query sees.
    public init(rows: Range<Int>, segments: [KeyValues], mask: AttentionMask) {
        self.rows = rows
        self.segments = segments
        self.mask = mask
    }
}
