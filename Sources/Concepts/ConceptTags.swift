extension ConceptList {
    /// A name for what is seen, and how likely that is.
    public struct Tag: Equatable, Sendable {
        /// One of the concept's words.
        public let word: String
        /// 0 … 1.
        public let probability: Float
    }

    /// What is certain enough to be said, and says something.
    ///
    /// - Parameters:
    ///   - seen: Of each concept.
    ///   - spoken: Words that the language model said of the same picture: where one of them is another name of a
    ///     concept ("people" for "person"), that name is taken.
    ///   - certainty: The least probability of all, beside each concept's own.
    /// - Returns: What is in the picture, the likeliest first, then where it was taken.
    /// - Precondition: There is a probability for each concept.
    public func tags(
        _ seen: ConceptProbabilities, spoken: [String] = [], certainty: Float = 0
    ) -> [Tag] {
        precondition(seen.values.count == concepts.count)
        let likely = withGeneral(seen.values)
        var said = Set(
            concepts.indices.filter { likely[$0] >= max(concepts[$0].certainty, certainty) })
        if let alone = said.filter({ concepts[$0].standsAlone }).max(by: {
            likely[$0] < likely[$1]
        }) {
            said = [alone]
        }
        said = said.filter { place in
            !concepts[place].silentBeside.contains { said.contains($0) }
        }
        // In order, and without those that are no longer said: of two that imply each other one stays.
        for group in implied where group.others.contains(where: said.contains) {
            said.remove(group.concept)
        }
        let ordered = said.sorted {
            (concepts[$0].isPlace ? 1 : 0, -likely[$0], $0)
                < (concepts[$1].isPlace ? 1 : 0, -likely[$1], $1)
        }
        let spoken = Set(spoken)
        return ordered.map { place in
            Tag(
                word: concepts[place].words.first(where: spoken.contains) ?? concepts[place].word,
                probability: likely[place])
        }
    }

    private func withGeneral(_ values: [Float]) -> [Float] {
        general.reduce(into: values) { raised, group in
            for other in group.others {
                raised[group.concept] = max(raised[group.concept], raised[other])
            }
        }
    }
}
