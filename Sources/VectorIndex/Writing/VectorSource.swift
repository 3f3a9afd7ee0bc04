/// Where an index' rows come from: the catalogue.
public protocol VectorSource {
    /// How many vectors there are, and the sequence number of the last; 0 and `nil` for none.
    ///
    /// - Throws: What keeps it from looking.
    func extent() throws -> (count: Int, lastSequence: Int64?)

    /// Vectors in the order of their sequence numbers.
    ///
    /// - Parameters:
    ///   - sequence: Only those behind it; `nil` for the beginning.
    ///   - limit: How many at most.
    /// - Returns: The vectors; fewer than `limit` only at the end.
    /// - Throws: What keeps it from looking.
    func vectors(after sequence: Int64?, limit: Int) throws -> [IndexedVector]
}
