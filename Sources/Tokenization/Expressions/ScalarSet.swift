/// A set of Unicode scalars: ranges of their numbers, ascending, none touching the next.
struct ScalarSet: Hashable, Sendable {
    /// The highest scalar.
    static let last: UInt32 = 0x10_FFFF

    let ranges: [ClosedRange<UInt32>]

    /// Joins ranges given in any order.
    init(_ unordered: [ClosedRange<UInt32>]) {
        var joined: [ClosedRange<UInt32>] = []
        for range in unordered.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let previous = joined.last, range.lowerBound <= previous.upperBound + 1 {
                let end = max(previous.upperBound, range.upperBound)
                joined[joined.count - 1] = previous.lowerBound...end
            } else {
                joined.append(range)
            }
        }
        ranges = joined
    }

    init(_ scalar: Unicode.Scalar) {
        ranges = [scalar.value...scalar.value]
    }

    /// Every scalar that is not in the set.
    var inverted: ScalarSet {
        var gaps: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= Self.last { gaps.append(next...Self.last) }
        return ScalarSet(gaps)
    }

    func union(_ other: ScalarSet) -> ScalarSet { ScalarSet(ranges + other.ranges) }
}
