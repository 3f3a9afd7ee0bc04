/// Stills that belong together.
public struct DuplicateGroup: Equatable, Sendable {
    /// Why they do.
    public enum Kind: String, Sendable {
        /// Copies of one picture: coded anew, resized, cropped a little, brightened.
        case same
        /// Pictures of one scene, taken within seconds.
        case burst
    }

    /// One of them.
    public struct Member: Equatable, Sendable {
        /// The asset.
        public let id: Int64
        /// How like the group's first it is, from 0 to 1; 1 for the first itself.
        ///
        /// In `same` groups `PictureComparison.likeness`. In bursts the cosine of the embeddings, or
        /// `PictureComparison.resemblance` where there is none.
        public let score: Double
        /// Seconds between its capture and the first's, where both are known.
        public let seconds: Double?
    }

    /// Why they belong together.
    public let kind: Kind
    /// Two and more, the one to keep first: by pixels, then bytes, then the older asset.
    public let members: [Member]
}
