/// A rectangle of a picture in shares of its width and height, from the upper left corner.
///
/// What reaches beyond 0 … 1 is what a picture was padded with.
public struct PictureArea: Equatable, Sendable {
    /// Where it begins, from the left.
    public var x: Double
    /// Where it begins, from above.
    public var y: Double
    /// Its width.
    public var width: Double
    /// Its height.
    public var height: Double

    /// Builds an area from its parts.
    public init(x: Double, y: Double, width: Double, height: Double) {
        (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }

    /// All of the picture.
    public static let whole = PictureArea(x: 0, y: 0, width: 1, height: 1)

    /// The part of this area that another one is of the whole picture.
    public func part(_ inner: PictureArea) -> PictureArea {
        PictureArea(
            x: x + inner.x * width, y: y + inner.y * height, width: inner.width * width,
            height: inner.height * height)
    }
}
