import CKernels
import Synchronization
import Tensor

/// Multiplies out a query's products with rows.
struct RowScores {
    /// Rows of a share: enough to be worth a thread's while.
    private static let share = 256

    let snapshot: IndexSnapshot
    let query: [Float]

    init(_ snapshot: IndexSnapshot, _ query: [Float]) {
        self.snapshot = snapshot
        self.query = query
    }

    /// The product with each row, the rows in their order.
    ///
    /// - Throws: `.unusable` for a row that is damaged.
    func scores(of rows: [UInt32]) throws(VectorIndexError) -> [Float] {
        let damaged = FirstPlace()
        let scores = [Float](unsafeUninitializedCapacity: rows.count) { scores, initialised in
            rows.withUnsafeBufferPointer { rows in
                nonisolated(unsafe) let (scores, rows) = (scores, rows)
                ComputePool.shared.parallel(count: (rows.count + Self.share - 1) / Self.share) {
                    let part = $0 * Self.share..<min(($0 + 1) * Self.share, rows.count)
                    score(
                        UnsafeBufferPointer(rebasing: rows[part]), scores, part.lowerBound, damaged)
                }
            }
            initialised = rows.count
        }
        if let row = damaged.place {
            throw snapshot.damage("its row \(row) is damaged")
        }
        return scores
    }

    /// Segment by segment.
    private func score(
        _ rows: UnsafeBufferPointer<UInt32>, _ scores: UnsafeMutableBufferPointer<Float>,
        _ offset: Int, _ damaged: FirstPlace
    ) {
        let segmentRows = UInt32(snapshot.layout.segmentRows)
        var done = 0
        while done < rows.count {
            let segment = rows[done] / segmentRows
            let first = segment * segmentRows
            let end =
                rows[done...].firstIndex { $0 - first >= segmentRows } ?? rows.count
            var vectors = snapshot.vectors(of: Int(segment))
            guard let places = rows.baseAddress, let target = scores.baseAddress else { return }
            let whole = vk_score_vectors(
                &vectors, places + done, end - done, first, query, target + offset + done)
            if whole < end - done {
                damaged.note(Int(rows[done + whole]))
                return
            }
            done = end
        }
    }
}

/// The first of the places that threads have noted.
final class FirstPlace: Sendable {
    private let first = Mutex<Int?>(nil)

    var place: Int? { first.withLock { $0 } }

    func note(_ place: Int) {
        first.withLock { $0 = min($0 ?? place, place) }
    }
}
