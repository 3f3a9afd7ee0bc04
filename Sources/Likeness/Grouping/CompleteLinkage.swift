/// Groups in which every member is linked to every other.
///
/// Chains are what this avoids: where the first is like the second and the second like the third, but
/// the first not like the third, the three are no group.
enum CompleteLinkage {
    /// A pair that belongs together.
    struct Link {
        let first: Int
        let second: Int
        /// Higher is joined earlier.
        let strength: Double
    }

    /// Joins the strongest links first, as long as all of both sides are linked.
    ///
    /// The result depends on the links and their strengths alone, not on their order: of equally strong ones
    /// the lowest numbers come first.
    ///
    /// - Parameters:
    ///   - links: pairs known to be linked, each at least once.
    ///   - areLinked: asked for pairs that are not among them, lower number first; symmetric, and always the same.
    /// - Returns: groups of two and more, each ascending, in the order of their lowest members.
    static func groups(
        _ links: [Link], areLinked: (Int, Int) throws -> Bool
    ) rethrows -> [[Int]] {
        let sorted = links.map(\.ascending).sorted {
            ($1.strength, $0.first, $0.second) < ($0.strength, $1.first, $1.second)
        }
        var known: [Pair: Bool] = [:]
        for link in sorted { known[Pair(link.first, link.second)] = true }
        var groups: [Int: [Int]] = [:]
        var leaders: [Int: Int] = [:]
        for link in sorted {
            let one = leaders[link.first] ?? link.first
            let other = leaders[link.second] ?? link.second
            guard one != other else { continue }
            let (left, right) = (groups[one] ?? [one], groups[other] ?? [other])
            guard try areAllLinked(left, right, &known, areLinked) else { continue }
            groups[one] = left + right
            groups[other] = nil
            for member in left + right { leaders[member] = one }
        }
        return groups.values.map { $0.sorted() }.sorted { $0[0] < $1[0] }
    }

    private struct Pair: Hashable {
        let first: Int
        let second: Int

        init(_ one: Int, _ other: Int) {
            (first, second) = one < other ? (one, other) : (other, one)
        }
    }

    private static func areAllLinked(
        _ left: [Int], _ right: [Int], _ known: inout [Pair: Bool],
        _ areLinked: (Int, Int) throws -> Bool
    ) rethrows -> Bool {
        for one in left {
            for other in right {
                let pair = Pair(one, other)
                let answer = try known[pair] ?? areLinked(pair.first, pair.second)
                known[pair] = answer
                guard answer else { return false }
            }
        }
        return true
    }
}

extension CompleteLinkage.Link {
    fileprivate var ascending: Self {
        first <= second ? self : Self(first: second, second: first, strength: strength)
    }
}
