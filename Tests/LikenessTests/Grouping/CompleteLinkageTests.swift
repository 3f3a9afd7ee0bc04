import TestSupport
import Testing

@testable import Likeness

struct CompleteLinkageTests {
    private func groups(_ pairs: [(Int, Int, Double)]) -> [[Int]] {
        CompleteLinkage.groups(pairs.map { .init(first: $0.0, second: $0.1, strength: $0.2) }) {
            _, _ in false
        }
    }

    @Test func aChainIsNoGroup() {
        #expect(groups([(1, 2, 0.9), (2, 3, 0.8)]) == [[1, 2]])
    }

    @Test func allLinkedAreOneGroup() {
        #expect(groups([(1, 2, 0.9), (2, 3, 0.8), (1, 3, 0.7)]) == [[1, 2, 3]])
    }

    @Test func ofEquallyStrongLinksTheLowestNumbersJoin() {
        #expect(groups([(3, 2, 0.9), (2, 1, 0.9)]) == [[1, 2]])
    }

    @Test func asksForLinksThatWereNotFound() {
        let links = [(1, 2, 0.9), (2, 3, 0.8)].map {
            CompleteLinkage.Link(first: $0.0, second: $0.1, strength: $0.2)
        }
        #expect(CompleteLinkage.groups(links) { $0 == 1 && $1 == 3 } == [[1, 2, 3]])
    }

    @Test func randomLinksGiveCliquesThatNoOrderChanges() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            var links: [CompleteLinkage.Link] = []
            var linked: Set<[Int]> = []
            for first in 0..<12 {
                for second in first + 1..<12 where Bool.random(using: &generator) {
                    let strength = Double(Int.random(in: 0...3, using: &generator))
                    links.append(.init(first: first, second: second, strength: strength))
                    linked.insert([first, second])
                }
            }
            let groups = CompleteLinkage.groups(links) { _, _ in false }
            for group in groups {
                for (index, one) in group.enumerated() {
                    #expect(group[(index + 1)...].allSatisfy { linked.contains([one, $0]) })
                }
            }
            #expect(Set(groups.joined()).count == groups.joined().count)
            let turned = links.shuffled(using: &generator).map {
                CompleteLinkage.Link(first: $0.second, second: $0.first, strength: $0.strength)
            }
            #expect(CompleteLinkage.groups(turned) { _, _ in false } == groups)
        }
    }

    @Test func noTwoGroupsCouldBeJoined() {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<100 {
            var linked: Set<[Int]> = []
            for first in 0..<10 {
                for second in first + 1..<10 where Int.random(in: 0...2, using: &generator) > 0 {
                    linked.insert([first, second])
                }
            }
            let groups = CompleteLinkage.groups(
                linked.map { .init(first: $0[0], second: $0[1], strength: 1) }
            ) { _, _ in false }
            for (index, one) in groups.enumerated() {
                for other in groups[(index + 1)...] {
                    let pairs = one.flatMap { member in other.map { [member, $0].sorted() } }
                    #expect(!pairs.allSatisfy(linked.contains))
                }
            }
        }
    }
}
