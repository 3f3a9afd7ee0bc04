import ModelLoading
import Tensor

/// Texts about one image: a beginning that all share, and how each goes on.
struct TextGroup {
    /// Rows that follow each other.
    struct Passage {
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
    let passages: [Passage]

    /// The position of each row, passage after passage.
    var positions: [Int] {
        let shared = passages[0].positions(from: imageRows)
        return shared.of + passages.dropFirst().flatMap { $0.positions(from: shared.next).of }
    }

    /// What each passage attends to: the image, the shared beginning and itself.
    ///
    /// - Parameters:
    ///   - new: Keys and values of all rows of the pass.
    ///   - image: Those of the image, in the same layer.
    ///   - spans: Where the rows of each passage are.
    /// - Returns: a part for each passage.
    func parts(_ new: KeyValues, image: KeyValues, spans: [Range<Int>]) -> [AttentionPart] {
        let shared = new.rows(spans[0])
        return zip(spans, passages).enumerated().map { place, pair in
            let (rows, passage) = pair
            return place == 0
                ? AttentionPart(
                    rows: rows, segments: [image, shared], mask: .causal(hidden: passage.marks))
                : AttentionPart(
                    rows: rows, segments: [image, shared, new.rows(rows)],
                    mask: .causal(hidden: passages[0].marks + passage.marks))
        }
    }
}

extension TextGroup.Passage {
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
