import Tensor

/// Texts about one image: a beginning that all share, and how each goes on.
struct TextGroup {
    /// Rows that follow each other.
    struct Stretch {
        /// Plain embeddings [rows, width].
        let embeddings: Matrix
        /// Rows that nobody attends to and that take no position.
        let marks: [Bool]
    }

    /// What `PreFusion.images` kept of the image.
    let image: KVCache
    /// How many rows the image had.
    let imageRows: Int
    /// The shared beginning, which may be empty, and then each text's own end.
    let stretches: [Stretch]

    /// The position of each row, stretch after stretch.
    var positions: [Int] {
        let shared = stretches[0].positions(from: imageRows)
        return shared.of + stretches.dropFirst().flatMap { $0.positions(from: shared.next).of }
    }

    /// Each stretch sees the image, the shared beginning and itself.
    func attend(
        _ attention: MultiHeadAttention, _ queries: Matrix, _ new: KeyValues, image: KeyValues,
        spans: [Range<Int>]
    ) -> [Matrix] {
        let shared = new.rows(spans[0])
        return zip(spans, stretches).enumerated().map { place, pair in
            let (span, stretch) = pair
            return place == 0
                ? attention(
                    queries.rows(span), over: [image, shared],
                    mask: .causal(hidden: stretch.marks))
                : attention(
                    queries.rows(span), over: [image, shared, new.rows(span)],
                    mask: .causal(hidden: stretches[0].marks + stretch.marks))
        }
    }
}

extension TextGroup.Stretch {
    /// The positions of the rows, and the one that comes next.
    fileprivate func positions(from first: Int) -> (of: [Int], next: Int) {
        var next = first
        let positions = marks.map { isHidden in
            defer { next += isHidden ? 0 : 1 }
            return next
        }
        return (positions, next)
    }
}
