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

    private static let blockRows = 128

    /// Describes the heads.
    ///
    /// - Precondition: key–value heads divide heads.
    public init(heads: Int, keyValueHeads: Int, headWidth: Int) {
        precondition(keyValueHeads > 0 && headWidth > 0 && heads % keyValueHeads == 0)
        self.heads = heads
        self.keyValueHeads = keyValueHeads
        self.headWidth = headWidth
    }

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
        var result = Matrix(rows: queries.rows, columns: queries.columns)
        attend(queries, over: segments, mask: mask, into: &result) { _, _, _ in }
        return result
    }

    /// Attends, and also gives the weights of each key averaged over the heads: [rows, keys].
    public func withWeights(
        _ queries: Matrix, over segments: [KeyValues], mask: AttentionMask
    ) -> (result: Matrix, weights: Matrix) {
        var result = Matrix(rows: queries.rows, columns: queries.columns)
        let keys = segments.reduce(0) { $0 + $1.count }
        var weights = Matrix(rows: queries.rows, columns: keys)
        let share = 1 / Float(heads)
        attend(queries, over: segments, mask: mask, into: &result) { block, scores, columns in
            weights.write { target in
                for (index, row) in block.enumerated() {
                    vk_add_scaled(
                        target + row * keys, scores + index * columns, share, columns)
                }
            }
        }
        return (result, weights)
    }

    /// The work; `observe` sees each head's weights of each block: rows, numbers, keys in a row.
    private func attend(
        _ queries: Matrix, over segments: [KeyValues], mask: AttentionMask,
        into result: inout Matrix,
        observe: (Range<Int>, UnsafePointer<Float>, Int) -> Void
    ) {
        precondition(queries.columns == heads * headWidth)
        precondition(segments.allSatisfy { $0.keys.columns == keyValueHeads * headWidth })
        let keys = segments.reduce(0) { $0 + $1.count }
        let visibility = Visibility(mask, queries: queries.rows, keys: keys)
        let step = Self.blockRows
        var scores = Matrix(
            uninitialisedRows: min(step, queries.rows), columns: keys)
        for start in stride(from: 0, to: queries.rows, by: step) {
            let block = start..<min(start + step, queries.rows)
            let columns = visibility.columns(ofRowsBefore: block.upperBound)
            for head in 0..<heads {
                let part = HeadBlock(
                    rows: block, columns: columns, head: head,
                    keyValueHead: head / (heads / keyValueHeads), headWidth: headWidth)
                scores.write { numbers in
                    part.score(queries, against: segments, into: numbers)
                    visibility.softmax(
                        numbers, rows: block, columns: columns,
                        scale: 1 / Float(headWidth).squareRoot())
                    observe(block, numbers, columns)
                    part.combine(numbers, of: segments, into: &result)
                }
            }
        }
    }
}

/// One head's work for a block of query rows over the first `columns` keys.
private struct HeadBlock {
    let rows: Range<Int>
    let columns: Int
    let head: Int
    let keyValueHead: Int
    let headWidth: Int

    /// scores [rows, columns] = queries × keysᵀ.
    func score(
        _ queries: Matrix, against segments: [KeyValues], into scores: UnsafeMutablePointer<Float>
    ) {
        forEach(segments) { segment, offset, count in
            queries.read { query in
                segment.keys.read { key in
                    GEMM.accumulateTransposed(
                        rows: rows.count, columns: count, depth: headWidth,
                        a: query + rows.lowerBound * queries.columns + head * headWidth,
                        aStride: queries.columns,
                        b: key + keyValueHead * headWidth, bStride: segment.keys.columns,
                        c: scores + offset, cStride: columns, keeping: 0)
                }
            }
        }
    }

    /// result [rows, headWidth] = scores × values.
    func combine(
        _ scores: UnsafeMutablePointer<Float>, of segments: [KeyValues], into result: inout Matrix
    ) {
        let width = result.columns
        forEach(segments) { segment, offset, count in
            segment.values.read { value in
                result.write { target in
                    GEMM.accumulate(
                        rows: rows.count, columns: headWidth, depth: count,
                        a: UnsafePointer(scores) + offset, aStride: columns,
                        b: value + keyValueHead * headWidth, bStride: segment.values.columns,
                        c: target + rows.lowerBound * width + head * headWidth, cStride: width)
                }
            }
        }
    }

    /// Each segment with its first key's number and how many of its keys are seen at all.
    private func forEach(_ segments: [KeyValues], _ body: (KeyValues, Int, Int) -> Void) {
        var offset = 0
        for segment in segments {
            let count = min(segment.count, columns - offset)
            guard count > 0 else { continue }
            body(segment, offset, count)
            offset += segment.count
        }
    }
}

/// A mask, made out for a number of queries and keys.
private struct Visibility {
    /// Keys that the first query sees.
    private let first: Int
    /// How many more each further query sees.
    private let step: Int
    private let keys: Int
    /// A byte a key, or empty.
    private let hidden: [UInt8]

    init(_ mask: AttentionMask, queries: Int, keys: Int) {
        self.keys = keys
        switch mask {
        case .none:
            (first, step, hidden) = (keys, 0, [])
        case .causal(let marks):
            precondition(queries <= keys && marks.count <= keys)
            (first, step) = (keys - queries + 1, 1)
            hidden =
                marks.contains(true)
                ? [UInt8](repeating: 0, count: keys - marks.count) + marks.map { $0 ? 1 : 0 } : []
        }
    }

    func columns(ofRowsBefore end: Int) -> Int { min(keys, first + step * (end - 1)) }

    func softmax(
        _ scores: UnsafeMutablePointer<Float>, rows: Range<Int>, columns: Int, scale: Float
    ) {
        hidden.withUnsafeBufferPointer { marks in
            vk_softmax(
                scores, rows.count, columns, columns, first + step * rows.lowerBound, step,
                hidden.isEmpty ? nil : marks.baseAddress, scale)
        }
    }
}
