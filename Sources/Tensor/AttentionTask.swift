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

    /// Rows for which copying keys and values costs more than the work, as in decoding.
    private static let fewRows = 4
    /// Rows whose scores stand side by side, and stay in a processor's cache.
    private static let rowsAtOnce = 96

    /// Keys that any of the rows sees.
    private var columns: Int { visibility.columns(ofRowsBefore: block.upperBound) }

    /// Multiply-adds of a head, both products.
    func multiplyAdds(_ headWidth: Int) -> Int { 2 * block.count * columns * headWidth }

    /// Runs the heads.
    func run(
        _ attention: MultiHeadAttention, _ queries: Matrix,
        into result: UnsafeMutablePointer<Float>, observe: Observer?
    ) {
        if block.count <= Self.fewRows, observe == nil, !visibility.hidesKeys {
            for row in block { runOne(row, attention, queries, into: result) }
            return
        }
        let head = HeadPanels(
            part.segments, head: keyValueHead, width: attention.headWidth, count: columns,
            rounds: attention.rounds && HeadPanels.canRound)
        let scores = FloatBuffer(capacity: min(block.count, Self.rowsAtOnce) * head.stride)
        for first in stride(from: block.lowerBound, to: block.upperBound, by: Self.rowsAtOnce) {
            let rows = first..<min(first + Self.rowsAtOnce, block.upperBound)
            run(rows, of: head, attention, queries, scores.start, into: result, observe)
        }
    }

    /// Some rows of the block, for all heads that share the keys; `scores` has room for them.
    private func run(
        _ rows: Range<Int>, of head: HeadPanels, _ attention: MultiHeadAttention,
        _ queries: Matrix, _ scores: UnsafeMutablePointer<Float>,
        into result: UnsafeMutablePointer<Float>, _ observe: Observer?
    ) {
        let (width, group) = (queries.columns, attention.group)
        let seen = visibility.columns(ofRowsBefore: rows.upperBound)
        for number in keyValueHead * group..<(keyValueHead + 1) * group {
            let start =
                (part.rows.lowerBound + rows.lowerBound) * width + number * attention.headWidth
            queries.read {
                head.score($0 + start, rows: rows.count, step: width, count: seen, into: scores)
            }
            visibility.softmax(
                scores, rows: rows, columns: seen, stride: head.stride, scale: attention.scale)
            for row in rows where observe != nil {
                observe?(number, row, scores + (row - rows.lowerBound) * head.stride, seen)
            }
            head.combine(
                scores, rows: rows.count, count: seen, into: result + start, step: width)
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
        _ scores: UnsafeMutablePointer<Float>, rows: Range<Int>, columns: Int, stride: Int,
        scale: Float
    ) {
        hidden.withUnsafeBufferPointer { marks in
            vk_softmax(
                scores, rows.count, stride, columns, first + step * rows.lowerBound, step,
                hidden.isEmpty ? nil : marks.baseAddress, scale)
        }
    }
}
