/// How likely a picture or a clip shows each concept, calibrated: of what is said to be 70 % likely, seven of ten
/// are there.
public struct ConceptProbabilities: Equatable, Sendable {
    /// 0 … 1, in the order of the concepts.
    public let values: [Float]

    /// Takes probabilities.
    public init(_ values: [Float]) { self.values = values }
}

/// Gathers what the seconds of a clip show, in memory that does not grow with it.
///
/// One second in which the head errs is not to name what the clip never shows: of each concept the second largest
/// probability counts.
public struct ConceptSeconds: Sendable {
    private var largest: [Float] = []
    private var second: [Float] = []
    private var count = 0

    /// Begins with none.
    public init() {}

    /// Takes in a second.
    ///
    /// - Precondition: the probabilities are of the same concepts as before.
    public mutating func add(_ probabilities: ConceptProbabilities) {
        let values = probabilities.values
        count += 1
        guard count > 1 else {
            (largest, second) = (values, values)
            return
        }
        precondition(values.count == largest.count)
        for (place, value) in values.enumerated() {
            second[place] =
                count == 2
                ? min(largest[place], value)
                : max(second[place], min(largest[place], value))
            largest[place] = max(largest[place], value)
        }
    }

    /// Of the clip so far; `nil` where there was no second.
    public var whole: ConceptProbabilities? { count == 0 ? nil : ConceptProbabilities(second) }
}
