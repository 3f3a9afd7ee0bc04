// What version 13 adds: what rounding an embedding to 8 bits left of it.
extension Schema {
    /// `fine` has a byte for each of `vector`'s, a signed number of 256ths of `scale`; NULL where the embedding was made
    /// before.
    static let fineEmbeddings = "ALTER TABLE embedding ADD COLUMN fine BLOB"
}
