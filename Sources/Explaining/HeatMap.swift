public import CLIP
public import Imaging

/// Weights over areas of a picture, to be shown on it.
public struct HeatMap: Sendable {
    /// What the map is of, in a few words.
    public var title: String
    /// The picture, upright.
    public var picture: RGBImage
    /// Where the weights lie, row by row over a grid of `columns`.
    public var areas: [PictureArea]
    /// Areas from left to right.
    public var columns: Int
    /// A weight for each area, none below 0.
    public var weights: [Float]

    /// Builds a map from its parts.
    ///
    /// - Precondition: there are as many weights as areas.
    public init(
        title: String, picture: RGBImage, areas: [PictureArea], columns: Int, weights: [Float]
    ) {
        precondition(areas.count == weights.count && columns > 0)
        self.title = title
        self.picture = picture
        self.areas = areas
        self.columns = columns
        self.weights = weights
    }

    /// The largest weight.
    public var largest: Float { weights.max() ?? 0 }

    /// A weight as a share of the largest.
    func share(_ place: Int) -> Double {
        largest > 0 ? Double(weights[place] / largest) : 0
    }

    /// The areas that together have half of all weight, as few as can be.
    public var half: Set<Int> {
        let all = weights.reduce(0, +)
        var sum: Float = 0
        var chosen: Set<Int> = []
        for place in weights.indices.sorted(by: { (weights[$1], $0) < (weights[$0], $1) }) {
            guard all > 0, sum < all / 2 else { break }
            chosen.insert(place)
            sum += weights[place]
        }
        return chosen
    }

    /// The edges between the areas that have half of all weight and the others, in shares of the picture.
    var outline: [(from: (x: Double, y: Double), to: (x: Double, y: Double))] {
        let chosen = half
        let rows = areas.count / columns
        func isInside(_ x: Int, _ y: Int) -> Bool {
            (0..<columns).contains(x) && (0..<rows).contains(y) && chosen.contains(y * columns + x)
        }
        return chosen.sorted().flatMap { place in
            let (x, y, area) = (place % columns, place / columns, areas[place])
            let (left, top) = (area.x, area.y)
            let (right, bottom) = (area.x + area.width, area.y + area.height)
            let sides = [
                (isInside(x - 1, y), (left, top), (left, bottom)),
                (isInside(x + 1, y), (right, top), (right, bottom)),
                (isInside(x, y - 1), (left, top), (right, top)),
                (isInside(x, y + 1), (left, bottom), (right, bottom)),
            ]
            return sides.filter { !$0.0 }.map {
                (from: (x: $0.1.0, y: $0.1.1), to: (x: $0.2.0, y: $0.2.1))
            }
        }
    }

    /// How much of a colour lies over the picture where a weight is such a share of the largest.
    static func opacity(_ share: Double) -> Double { 0.15 + 0.65 * share }
}
