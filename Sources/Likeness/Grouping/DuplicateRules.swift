/// Where duplicates end.
public struct DuplicateRules: Sendable {
    /// The least cosine of the embeddings of two copies, where both have one: a guard besides the signatures, low
    /// enough for crops and for copies of a few pixels.
    public var sameCosine = 0.5
    /// The least cosine of the embeddings of two pictures of a burst.
    public var burstCosine = 0.7
    /// The least resemblance of two pictures of a burst, where an embedding lacks.
    public var burstResemblance = 0.7
    /// Seconds between two neighbours of a burst, at most.
    public var burstGap = 3.0
    /// Seconds from the first to the last of a burst, at most.
    public var burstSpan = 20.0
    /// Pictures taken so many seconds apart, by one camera as far as is known, are two exposures, however alike.
    ///
    /// A longer time may be a clock that was set, or a copy that a program dated anew.
    public var otherExposures = 1.0...600.0
    /// How many candidates are compared with a picture, at most.
    public var candidates = 64

    /// The rules as documented.
    public static let standard = DuplicateRules()

    /// The rules as documented, to be changed.
    public init() {}
}
