/// How two pictures relate, as far as their signatures tell.
///
/// The one is laid over the other first (`Alignment`), then its light is made the other's by a curve (`ToneFit`). A
/// copy that was coded anew, resized, cropped or brightened then differs everywhere a little; another
/// exposure of the same scene differs somewhere a lot, or lies so as no crop does: turned, slanted, or
/// with something at its edge that the other lacks while it lacks something at another edge. Of pages of text the grid
/// tells little: they are the same only where they lie over each other as they are and hardly differ.
public struct PictureComparison: Equatable, Sendable {
    /// From 0 to 1; `sameLikeness` and more is the same picture.
    ///
    /// It is `1 / (1 + d)` for the `d` of which 1 is just allowed: the sum of how much they differ where they
    /// differ most, how much the one is turned, and how much both show at their edges what the other lacks, each
    /// relative to what is allowed.
    public let likeness: Double
    /// How alike the light is once the one is laid over the other: a correlation, from 0 to 1.
    ///
    /// High for exposures of one scene, too; what tells copies from these is `likeness`.
    public let resemblance: Double

    /// The least likeness of two copies of one picture.
    public static let sameLikeness = 0.5

    /// Whether both are the same picture: coded anew, resized, cropped by up to a tenth, or brightened.
    public var isSamePicture: Bool { likeness >= Self.sameLikeness }

    /// Compares two pictures; the order does not matter.
    ///
    /// - Complexity: constant; about a millisecond, a tenth of it for pictures that have nothing in common.
    public init(_ one: PictureSignature, _ other: PictureSignature) {
        guard one != other else {
            self.init(likeness: 1, resemblance: 1)
            return
        }
        // The darker one first: brightening loses highlights, so that the way back is not a function.
        let (first, second) = Self.ordered(SignaturePlanes(one), SignaturePlanes(other))
        guard let overlay = Overlay.best(first, second) else {
            self.init(likeness: 0, resemblance: 0)
            return
        }
        let resemblance = min(1, max(0, overlay.correlation))
        let difference = Difference(overlay, first, second)
        var likeness = difference.map { Double(1 / (1 + $0.relative)) } ?? 0
        if likeness > 0, one.isOfText || other.isOfText {
            likeness = min(likeness, one.likenessInPlace(to: other))
        }
        self.init(likeness: likeness, resemblance: Double(resemblance))
    }

    private init(likeness: Double, resemblance: Double) {
        self.likeness = likeness
        self.resemblance = resemblance
    }

    private static func ordered(
        _ one: SignaturePlanes, _ other: SignaturePlanes
    ) -> (SignaturePlanes, SignaturePlanes) {
        let pairs = zip(one.fine.values, other.fine.values)
        let difference = pairs.reduce(0) { $0 + $1.0 - $1.1 }
        if difference != 0 { return difference < 0 ? (one, other) : (other, one) }
        // Equally bright: any rule serves that does not depend on the order.
        let isFirst = one.fine.values.lexicographicallyPrecedes(other.fine.values)
        return isFirst ? (one, other) : (other, one)
    }
}

extension PictureSignature {
    /// How alike two pictures are, 0 to 1: see `PictureComparison.likeness`.
    public func likeness(to other: PictureSignature) -> Double {
        PictureComparison(self, other).likeness
    }

    /// Whether both are the same picture: see `PictureComparison.isSamePicture`.
    public func isSamePicture(as other: PictureSignature) -> Bool {
        PictureComparison(self, other).isSamePicture
    }
}
