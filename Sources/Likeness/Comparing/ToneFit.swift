/// How the light of one picture became that of another: a curve of a few straight pieces, and what depends on colour
/// and sharpness.
///
/// That is what programs do to whole pictures: brighter, darker, more contrast, highlights cut off, each channel
/// for itself, so that coloured places change otherwise than grey ones; sharper or softer by resizing.
struct ToneFit {
    private static let knotCount = 6

    /// Light at which the curve bends, ascending.
    private let knots: [Float]
    /// The other's light at the knots.
    private let heights: [Float]
    /// What is added for a step of each of `extras`.
    private let factors: [Float]

    /// Fits twice: what the first curve does not explain, which has moved, counts less for the second.
    ///
    /// - Returns: `nil` where the points do not determine a curve.
    init?(_ points: [Overlay.Point]) {
        guard let knots = Self.knots(points.map(\.first.light)),
            let once = ToneFit(points, knots, after: nil),
            let twice = ToneFit(points, knots, after: once)
        else { return nil }
        self = twice
    }

    private init?(_ points: [Overlay.Point], _ knots: [Float], after former: ToneFit?) {
        let unknowns = knots.count + Self.extraCount
        var rows = [Float](repeating: 0, count: points.count * unknowns)
        var weights: [Float] = []
        weights.reserveCapacity(points.count)
        for (index, point) in points.enumerated() {
            let piece = Self.piece(of: point.first.light, knots)
            rows[index * unknowns + piece.index] = 1 - piece.part
            rows[index * unknowns + piece.index + 1] = piece.part
            for (place, extra) in Self.extras(point.first).enumerated() {
                rows[index * unknowns + knots.count + place] = extra
            }
            let error = former.map { (point.light - $0(point.first)) / Self.ordinaryError } ?? 0
            weights.append((point.hasGlare ? 0.1 : 1) / (1 + error * error))
        }
        var equations = NormalEquations(unknowns: unknowns)
        equations.add(rows, points.map(\.light), weights: weights)
        for index in 0..<unknowns {
            equations.add(unknown: index, near: 0, weight: index < knots.count ? 0.001 : 10)
        }
        guard let solution = equations.solved() else { return nil }
        self.knots = knots
        heights = Array(solution[..<knots.count])
        factors = Array(solution[knots.count...])
    }

    /// An error of light, of 255, beyond which a cell counts less.
    private static let ordinaryError: Float = 4

    private static func knots(_ light: [Float]) -> [Float]? {
        let sorted = light.sorted()
        guard let least = sorted.first, let most = sorted.last, most - least > 1 else { return nil }
        let room = (most - least) / 20
        var knots = [least]
        for index in 1..<knotCount - 1 {
            let quantile = sorted[index * (sorted.count - 1) / (knotCount - 1)]
            if quantile > knots[knots.count - 1] + room, quantile < most - room {
                knots.append(quantile)
            }
        }
        return knots + [most]
    }

    private static let extraCount = 7

    /// What besides its light says how a place changes.
    private static func extras(_ tone: Tone) -> [Float] {
        let dark = 1 - tone.light / 255
        return [
            tone.curvature, tone.blue, tone.red, tone.saturation, tone.contrast,
            tone.contrast * dark, tone.saturation * dark,
        ]
    }

    /// How the curve rises, piece by piece.
    var slopes: [Float] {
        (1..<knots.count).map { index -> Float in
            let rise = heights[index] - heights[index - 1]
            return rise / (knots[index] - knots[index - 1])
        }
    }

    /// How much steeper the curve is in one piece than in another.
    var bend: Float {
        let slopes = slopes
        return (slopes.max() ?? 0) - max(0, slopes.min() ?? 0)
    }

    /// The piece of the curve that light belongs to.
    func piece(of light: Float) -> Int { Self.piece(of: light, knots).index }

    /// What the other's light should be.
    func callAsFunction(_ tone: Tone) -> Float {
        let piece = Self.piece(of: tone.light, knots)
        var light = heights[piece.index] * (1 - piece.part) + heights[piece.index + 1] * piece.part
        for (factor, extra) in zip(factors, Self.extras(tone)) { light += factor * extra }
        return light
    }

    private static func piece(of light: Float, _ knots: [Float]) -> (index: Int, part: Float) {
        var index = 0
        while index + 2 < knots.count && light > knots[index + 1] { index += 1 }
        let part = (light - knots[index]) / (knots[index + 1] - knots[index])
        return (index, min(max(part, 0), 1))
    }
}
