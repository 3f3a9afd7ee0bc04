import Synchronization

/// What has followed what in a model's answers so far, from which the next one's tokens are guessed.
///
/// Captions of a collection resemble each other ("in the background", "on the left side of the"),
/// and a step that reads a few tokens costs hardly more than one that reads one. A guessed token
/// counts only where the model says it itself, so that guesses change the time and nothing else
/// (speculative decoding: Leviathan, Kalman and Matias 2023; drafts from n-grams: Saxena 2023).
final class PhraseMemory: Sendable {
    /// Tokens that another one followed: the last two, or the last alone.
    private struct Place: Hashable {
        let before: Int
        let last: Int

        static let beginning = -1
        static let anything = -2
    }

    /// What followed, and how much more often than anything else did of late.
    private struct Follower {
        var token: Int
        var votes: Int
    }

    /// Places of two generations: when the younger is full, the older is forgotten, but for
    /// what has been met again meanwhile.
    private struct Places {
        var young: [Place: Follower] = [:]
        var old: [Place: Follower] = [:]

        func follower(of place: Place) -> Int? { (young[place] ?? old[place])?.token }

        mutating func add(_ token: Int, after place: Place, mostPlaces: Int) {
            var follower = young[place] ?? old[place] ?? Follower(token: token, votes: 0)
            if follower.token == token {
                follower.votes = min(follower.votes + 1, PhraseMemory.mostVotes)
            } else if follower.votes > 1 {
                follower.votes -= 1
            } else {
                follower = Follower(token: token, votes: 1)
            }
            if young[place] == nil, young.count >= mostPlaces { (old, young) = (young, [:]) }
            young[place] = follower
        }
    }

    /// So that what was usual for long can be replaced within a few answers.
    private static let mostVotes = 4

    private let mostPlaces: Int
    private let places = Mutex(Places())

    /// Starts with no memory.
    ///
    /// - Parameter mostPlaces: How many places a generation holds; some tens of bytes each.
    init(mostPlaces: Int = 1 << 15) {
        self.mostPlaces = mostPlaces
    }

    /// The tokens that most likely follow, at most so many; none where nothing is remembered.
    func guess(after ids: [Int], most: Int) -> [Int] {
        guard most > 0, var last = ids.last else { return [] }
        var before = ids.dropLast().last ?? Place.beginning
        return places.withLock { places in
            var guessed: [Int] = []
            while guessed.count < most,
                let next = places.follower(of: Place(before: before, last: last))
                    ?? places.follower(of: Place(before: Place.anything, last: last))
            {
                guessed.append(next)
                (before, last) = (last, next)
            }
            return guessed
        }
    }

    /// Takes in an answer.
    func learn(_ ids: [Int]) {
        places.withLock { places in
            var before = Place.beginning
            for (last, next) in zip(ids, ids.dropFirst()) {
                for place in [
                    Place(before: before, last: last), Place(before: Place.anything, last: last),
                ] {
                    places.add(next, after: place, mostPlaces: mostPlaces)
                }
                before = last
            }
        }
    }
}
