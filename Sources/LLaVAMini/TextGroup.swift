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

    /// What each stretch attends to: the image, the shared beginning and itself.
    ///
    /// - Parameters:
    ///   - new: Keys and values of all rows of the pass.
    ///   - image: Those of the image, in the same layer.
    ///   - spans: Where the rows of each stretch are.
    /// - Returns: a part for each stretch.
    func parts(_ new: KeyValues, image: KeyValues, spans: [Range<Int>]) -> [AttentionPart] {
        let shared = new.rows(spans[0])
        return zip(spans, stretches).enumerated().map { place, pair in
            let (rows, stretch) = pair
            return place == 0
                ? AttentionPart(
                    rows: rows, segments: [image, shared], mask: .causal(hidden: stretch.marks))
                : AttentionPart(
                    rows: rows, segments: [image, shared, new.rows(rows)],
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
