/// How much goes through a stack of layers in one pass.
///
/// From a few hundred rows on, reading the weights costs little beside multiplying with them: more
/// rows at once would only take memory. Small pictures of a small model therefore go in dozens, and
/// those of the released one, 577 rows each, one by one.
package enum RowBatch {
    /// Rows of one pass, unless a single element has more.
    package static let rowsAtOnce = 1024
}

extension Array {
    /// Cuts into consecutive runs of at most `RowBatch.rowsAtOnce` rows, at least one element each.
    package func inPasses(rows: (Element) -> Int) -> [ArraySlice<Element>] {
        var passes: [ArraySlice<Element>] = []
        var (start, sum) = (0, 0)
        for (index, element) in enumerated() {
            let count = rows(element)
            if index > start, sum + count > RowBatch.rowsAtOnce {
                passes.append(self[start..<index])
                (start, sum) = (index, 0)
            }
            sum += count
        }
        return start < self.count ? passes + [self[start...]] : passes
    }
}

extension [Range<Int>] {
    /// The spans of these lengths, one behind the other, from 0 on.
    package static func consecutive(_ lengths: [Int]) -> [Range<Int>] {
        var end = 0
        return lengths.map { length in
            defer { end += length }
            return end..<end + length
        }
    }

    /// The `count` spans of the same length, one behind the other, from 0 on.
    package static func equal(_ count: Int, of length: Int) -> [Range<Int>] {
        (0..<count).map { $0 * length..<($0 + 1) * length }
    }
}
