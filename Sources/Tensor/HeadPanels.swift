import CKernels

/// The first keys and values of a head, copied so that products with many query rows read them in their order.
///
/// Their numbers are in single precision whatever they were kept in, or rounded to bfloat16.
struct HeadPanels {
    /// Whether rows can be rounded at all.
    static var canRound: Bool { vk_has_pairs() != 0 }

    /// [panels, rows, 32] numbers, or pairs of them.
    private struct Panels {
        let buffer: FloatBuffer
        /// Rows of a panel.
        let rows: Int

        init(columns: Int, rows: Int) {
            self.rows = rows
            buffer = FloatBuffer(capacity: HeadPanels.whole(columns) * rows)
        }

        var numbers: UnsafeMutablePointer<Float> { buffer.start }
        var pairs: UnsafeMutablePointer<vk_pair> { HeadPanels.pairs(buffer.start) }
    }

    private let keys: Panels
    private let values: Panels
    private let width: Int
    private let rounds: Bool
    /// From one row of scores to the next: whole panels.
    let stride: Int

    /// Copies what is needed.
    ///
    /// - Parameters:
    ///   - segments: Keys and values, one segment's positions after the other's.
    ///   - head: Which key–value head.
    ///   - width: Numbers in a head.
    ///   - count: How many of the keys.
    ///   - rounds: Whether to compute in bfloat16, which only some processors can.
    init(_ segments: [KeyValues], head: Int, width: Int, count: Int, rounds: Bool) {
        (self.width, self.rounds, stride) = (width, rounds, Self.whole(count))
        keys = Panels(columns: count, rows: Self.rows(width, rounds))
        values = Panels(columns: width, rows: Self.rows(count, rounds))
        let (parts, first) = (segments.map(\.segment), head * width)
        if rounds {
            vk_pack_key_pairs(parts, parts.count, first, width, count, keys.pairs)
            vk_pack_value_pairs(parts, parts.count, first, width, count, values.pairs)
        } else {
            vk_pack_keys(parts, parts.count, first, width, count, keys.numbers)
            vk_pack_values(parts, parts.count, first, width, count, values.numbers)
        }
        withExtendedLifetime(segments) {}
    }

    /// Columns of the panels that so many columns take.
    private static func whole(_ columns: Int) -> Int {
        let across = Int(VK_ACROSS)
        return (columns + across - 1) / across * across
    }

    /// Rows of panels for so many numbers.
    private static func rows(_ count: Int, _ rounds: Bool) -> Int {
        rounds ? (count + 1) / 2 : count
    }

    /// The memory of single numbers as that of pairs, of which it holds as many.
    private static func pairs(
        _ numbers: UnsafeMutablePointer<Float>
    ) -> UnsafeMutablePointer<vk_pair> {
        UnsafeMutableRawPointer(numbers).assumingMemoryBound(to: vk_pair.self)
    }

    /// scores [rows, `stride`] = queries [rows, width] × keysᵀ, of the first keys at least.
    ///
    /// - Parameters:
    ///   - queries: The head's numbers of the first row.
    ///   - rows: How many rows.
    ///   - step: From one row of queries to the next.
    ///   - count: How many keys are asked for.
    ///   - scores: Where they go.
    func score(
        _ queries: UnsafePointer<Float>, rows: Int, step: Int, count: Int,
        into scores: UnsafeMutablePointer<Float>
    ) {
        guard rounds else {
            vk_multiply_panels(
                queries, rows, step, width, keys.numbers, keys.rows, Self.whole(count), scores,
                stride)
            return
        }
        let rounded = FloatBuffer(capacity: rows * keys.rows)
        let pairs = Self.pairs(rounded.start)
        vk_round_pairs(queries, rows, step, width, pairs, keys.rows)
        vk_multiply_pairs(
            pairs, rows, keys.rows, keys.rows, keys.pairs, keys.rows, Self.whole(count), scores,
            stride)
    }

    /// result [rows, width] = scores [rows, `stride`] × values, of the first keys; the scores are used up.
    ///
    /// - Parameters:
    ///   - scores: What each row pays to each key.
    ///   - rows: How many rows.
    ///   - count: How many keys.
    ///   - result: The head's numbers of the first row.
    ///   - step: From one row of the result to the next.
    func combine(
        _ scores: UnsafeMutablePointer<Float>, rows: Int, count: Int,
        into result: UnsafeMutablePointer<Float>, step: Int
    ) {
        guard rounds else {
            vk_multiply_panels(
                scores, rows, stride, count, values.numbers, values.rows, width, result, step)
            return
        }
        let pairs = Self.pairs(scores)
        vk_round_pairs(scores, rows, stride, count, pairs, stride)
        vk_multiply_pairs(
            pairs, rows, stride, Self.rows(count, true), values.pairs, values.rows, width, result,
            step)
    }
}
