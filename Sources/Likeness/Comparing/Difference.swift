/// How two pictures differ that lie over each other, relative to what copies of one picture may.
///
/// The numbers are from `duplicates-benchmark` on photographs; see ARCHITECTURE.md.
struct Difference {
    /// Of 1, what is just allowed.
    let relative: Float

    /// - Returns: `nil` where the pictures are surely others, or show too little to be told apart.
    init?(_ overlay: Overlay, _ first: SignaturePlanes, _ second: SignaturePlanes) {
        let map = overlay.map
        guard overlay.points.count >= Self.leastPoints,
            overlay.correlation >= Self.leastCorrelation,
            map.insets.allSatisfy({ abs($0) <= Self.mostCropped }),
            overlay.structure >= Self.leastStructure,
            first.colourDistance(to: second, map) <= Self.mostColour,
            let fit = ToneFit(overlay.points)
        else { return nil }
        let local = Self.greatestError(overlay, fit) / Self.allowedError(fit)
        let turn = map.turn / Self.mostTurned
        let overhang = map.overhang / Self.mostOverhanging
        relative = local + turn * turn + overhang * overhang
    }

    /// Cells that must lie over each other, of 1444 within the border.
    private static let leastPoints = 700
    private static let leastCorrelation: Float = 0.85
    /// Crops of up to a tenth at an edge, and room for how exactly they are found.
    private static let mostCropped: Float = 0.12
    /// Mean square of the steps of light from cell to cell: skies and black frames have less.
    private static let leastStructure: Float = 0.5
    /// Difference of colour in one cell, of 255.
    private static let mostColour: Float = 64
    /// Slant of an axis, a half of a degree.
    private static let mostTurned: Float = 0.0085
    /// Part of the width or height that each shows and the other lacks.
    private static let mostOverhanging: Float = 0.004

    /// Steps of light, of 255, that coding adds to a cell.
    private static let noise: Float = 1
    /// How far something may be from where it should be, in cells, by the errors of alignment.
    private static let slack: Float = 0.1

    /// The greatest mean square error of three by three cells, relative to what noise and slack explain.
    private static func greatestError(_ overlay: Overlay, _ fit: ToneFit) -> Float {
        let edge = overlay.edge
        var errors = [SIMD2<Float>](repeating: .zero, count: edge * edge)
        let slopes = fit.slopes
        let steepest = slopes.max() ?? 1
        // Where a copy is brighter, what was nearly white is lost, channel by channel.
        let lost = 60 * min(max(steepest - 1.05, 0), 0.3)
        let bend = 0.25 * max(0, fit.bend - 0.15)
        for point in overlay.points {
            let error = point.light - fit(point.first)
            // Where the curve bends, the mean of a cell does not tell the mean of its changed pixels.
            let bent = 0.3 * (steepest - slopes[fit.piece(of: point.first.light)]) + bend
            var allowed = noise * noise + bent * bent * point.firstSlope
            allowed += slack * slack * max(point.firstSlope, point.secondSlope)
            if point.hasGlare { allowed += lost * lost }
            errors[point.cell] = SIMD2(error * error, allowed)
        }
        return greatestRatio(errors, edge: edge)
    }

    private static func greatestRatio(_ errors: [SIMD2<Float>], edge: Int) -> Float {
        var greatest: Float = 0
        for row in 1..<edge - 1 {
            for cell in row * edge + 1..<row * edge + edge - 1 {
                var sum = SIMD2<Float>.zero
                for line in [cell - edge, cell, cell + edge] {
                    sum += errors[line - 1] + errors[line] + errors[line + 1]
                }
                // Every cell that is compared allows noise, so that this counts them.
                if sum.y >= 5 * noise * noise { greatest = max(greatest, sum.x / sum.y) }
            }
        }
        return greatest
    }

    /// Less where the light of both is a straight line, more where a curve had to be fitted.
    private static func allowedError(_ fit: ToneFit) -> Float {
        let part = min(max((fit.bend / max(fit.slopes.max() ?? 1, 0.1) - 0.05) / 0.25, 0), 1)
        return 6 + 6 * part
    }
}

extension SignaturePlanes {
    /// The greatest distance of colours at a place of both, of 255.
    fileprivate func colourDistance(to second: SignaturePlanes, _ map: AffineMap) -> Float {
        let edge = second.colours[0].edge
        let cells = Float(edge)
        var greatest: Float = 0
        for cell in 0..<edge * edge {
            let place = map(
                (Float(cell % edge) + 0.5) / cells - 0.5, (Float(cell / edge) + 0.5) / cells - 0.5)
            guard abs(place.x) <= 0.5, abs(place.y) <= 0.5 else { continue }
            let (u, v) = ((place.x + 0.5) * cells - 0.5, (place.y + 0.5) * cells - 0.5)
            let blue = colours[0].linear(u, v) - second.colours[0].values[cell]
            let red = colours[1].linear(u, v) - second.colours[1].values[cell]
            greatest = max(greatest, (blue * blue + red * red).squareRoot())
        }
        return greatest
    }
}
