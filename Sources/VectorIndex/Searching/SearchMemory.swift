/// What one search works in: a number and a place for each row.
///
/// `@unchecked Sendable`: used by one search at a time, whose threads write to parts of their own.
final class SearchMemory: @unchecked Sendable {
    let estimates: UnsafeMutablePointer<Float>
    let places: UnsafeMutablePointer<UInt32>
    private let rows: Int

    private init(rows: Int) {
        self.rows = rows
        estimates = .allocate(capacity: max(rows, 1))
        places = .allocate(capacity: max(rows, 1))
    }

    deinit {
        estimates.deallocate()
        places.deallocate()
    }

    /// The spare memory, if it suffices for so many rows, or else more.
    static func enough(for rows: Int, _ spare: SearchMemory?) -> SearchMemory {
        if let spare, spare.rows >= rows { return spare }
        // A segment more than needed, so that a growing index does not ask at each search.
        return SearchMemory(rows: rows + rows / 8)
    }
}
