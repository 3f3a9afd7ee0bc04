import CKernels

/// What one thread does of an attention: a block of query rows for the heads that share keys.
struct AttentionTask: Sendable {
    let part: AttentionPart
    /// Rows within the part.
    let block: Range<Int>
    let keyValueHead: Int
    let visibility: Visibility

    /// Sees a row of weights: the head, the row within the part, the weights, how many.
    typealias Observer = (Int, Int, UnsafePointer<Float>, Int) -> Void

    /// Rows for which calls of OpenBLAS cost more than the work, as in decoding.
    private static let fewRows = 4

    /// Keys that any of the rows sees.
    private var columns: Int { visibility.columns(ofRowsBefore: block.upperBound) }

    /// Multiply-adds of a head, both products.
    func multiplyAdds(_ headWidth: Int) -> Int { 2 * block.count * columns * headWidth }

    /// Runs the heads.
    func run(
        _ attention: MultiHeadAttention, _ queries: Matrix,
        into result: UnsafeMutablePointer<Float>, observe: Observer?
    ) {
        let group = attention.group
        if block.count <= Self.fewRows, observe == nil, !visibility.hidesKeys {
            for row in block { runOne(row, attention, queries, into: result) }
            return
        }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: block.count * max(columns, 1)) {
            guard let scores = $0.baseAddress else { return }
            for head in keyValueHead * group..<(keyValueHead + 1) * group {
                let heads = HeadBlock(
                    rows: part.rows.lowerBound + block.lowerBound..<part.rows.lowerBound
                        + block.upperBound,
                    columns: columns, head: head, keyValueHead: keyValueHead,
                    headWidth: attention.headWidth)
                heads.score(queries, against: part.segments, into: scores)
                visibility.softmax(
                    scores, rows: block, columns: columns, scale: attention.scale)
                for row in block where observe != nil {
                    observe?(head, row, scores + (row - block.lowerBound) * columns, columns)
                }
                heads.combine(scores, of: part.segments, into: result, width: queries.columns)
            }
        }
    }

    /// A single query: what comes out is the same in whatever company it is.
    private func runOne(
        _ row: Int, _ attention: MultiHeadAttention, _ queries: Matrix,
        into result: UnsafeMutablePointer<Float>
    ) {
        let columns = visibility.columns(ofRowsBefore: row + 1)
        let segments = segments(ofKeys: columns)
        let offset =
            (part.rows.lowerBound + row) * queries.columns
            + keyValueHead * attention.group * attention.headWidth
        let room =
            attention.group * max(columns, 1)
            + VK_HALVES_AT_ONCE * attention.headWidth
        withUnsafeTemporaryAllocation(of: Float.self, capacity: room) { scores in
            guard let scores = scores.baseAddress else { return }
            queries.read { query in
                vk_attend(
                    query + offset, attention.group, attention.headWidth, segments,
                    segments.count, keyValueHead, attention.scale, scores, result + offset)
            }
        }
        withExtendedLifetime(part) {}
    }

    /// Where the first so many keys stand.
    private func segments(ofKeys count: Int) -> [vk_segment] {
        var left = count
        return part.segments.map { segment in
            var part = segment.segment
            part.count = min(part.count, left)
            left -= part.count
            return part
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

    /// Where the head's numbers stand in a row of keys, and of values.
    private var headColumns: Range<Int> {
        keyValueHead * headWidth..<(keyValueHead + 1) * headWidth
    }

    /// scores [rows, columns] = queries × keysᵀ.
    func score(
        _ queries: Matrix, against segments: [KeyValues], into scores: UnsafeMutablePointer<Float>
    ) {
        forEach(segments) { segment, offset, count in
            queries.read { query in
                segment.readKeys(count, columns: headColumns) { key, stride in
                    GEMM.accumulateTransposed(
                        rows: rows.count, columns: count, depth: headWidth,
                        a: query + rows.lowerBound * queries.columns + head * headWidth,
                        aStride: queries.columns, b: key, bStride: stride,
                        c: scores + offset, cStride: columns, keeping: 0)
                }
            }
        }
    }

    /// result [rows, headWidth] = scores × values, in rows of `width`.
    func combine(
        _ scores: UnsafeMutablePointer<Float>, of segments: [KeyValues],
        into result: UnsafeMutablePointer<Float>, width: Int
    ) {
        if columns == 0 { clear(result, width: width) }
        var keeping: Float = 0
        forEach(segments) { segment, offset, count in
            segment.readValues(count, columns: headColumns) { value, stride in
                GEMM.accumulate(
                    rows: rows.count, columns: headWidth, depth: count,
                    a: UnsafePointer(scores) + offset, aStride: columns,
                    b: value, bStride: stride,
                    c: result + rows.lowerBound * width + head * headWidth, cStride: width,
                    keeping: keeping)
            }
            keeping = 1
        }
    }

    /// What a query gets that sees nothing.
    private func clear(_ result: UnsafeMutablePointer<Float>, width: Int) {
        for row in rows {
            (result + row * width + head * headWidth).update(repeating: 0, count: headWidth)
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
struct Visibility: Sendable {
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

    var hidesKeys: Bool { !hidden.isEmpty }

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
