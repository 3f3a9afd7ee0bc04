/// What an index file is made for; one that was made for something else is not used.
public struct IndexDescription: Equatable, Sendable {
    /// The largest dimension.
    public static let maximumDimension = 4096
    /// The largest number of bytes in `identity`.
    public static let maximumIdentityBytes = 256
    /// How many rows share a segment unless a test says otherwise.
    static let usualSegmentRows = 16_384

    /// Whose rows these are: the catalogue and the recipe that made them, in a form of the caller's.
    public var identity: [UInt8]
    /// The numbers of a vector, from 1 to `maximumDimension`.
    public var dimension: Int
    /// How many rows share a segment: a multiple of 64.
    var segmentRows = IndexDescription.usualSegmentRows

    /// Describes an index.
    ///
    /// - Parameters:
    ///   - identity: Whose rows these are, in at most `maximumIdentityBytes`.
    ///   - dimension: The numbers of a vector.
    /// - Throws: `VectorIndexError.invalid` for what is out of bounds.
    public init(identity: String, dimension: Int) throws(VectorIndexError) {
        try self.init(
            identity: identity, dimension: dimension,
            segmentRows: IndexDescription.usualSegmentRows)
    }

    /// Describes an index with segments of another length, a multiple of 64, for tests.
    package init(
        identity: String, dimension: Int, segmentRows: Int
    ) throws(VectorIndexError) {
        guard (1...Self.maximumDimension).contains(dimension) else {
            throw .invalid(
                "a vector has 1 to \(Self.maximumDimension) numbers, and not \(dimension)")
        }
        guard identity.utf8.count <= Self.maximumIdentityBytes else {
            throw .invalid(
                "the identity of an index has at most \(Self.maximumIdentityBytes) bytes, and not "
                    + "\(identity.utf8.count)")
        }
        self.identity = Array(identity.utf8)
        self.dimension = dimension
        self.segmentRows = segmentRows
    }
}
