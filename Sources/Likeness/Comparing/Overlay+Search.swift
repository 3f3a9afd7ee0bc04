extension Overlay {
    /// The pictures laid over each other as well as they can be.
    ///
    /// - Returns: `nil` where they have nothing in common.
    static func best(_ first: SignaturePlanes, _ second: SignaturePlanes) -> Overlay? {
        guard correlation(first.light[0], second.light[0]) > leastUnaligned else { return nil }
        var best: (correlation: Float, alignment: Alignment)?
        // Most copies are found from the first start; one cropped by a tenth may need another.
        for scale in [1, 0.93, 1.07] as [Float] {
            let alignment = coarsely(first, second, scale: scale)
            let found = correlation(first.light[1], second.light[1], alignment.map)
            if found > best?.correlation ?? 0 { best = (found, alignment) }
            if found > surelyAligned { break }
        }
        guard let best, best.correlation > leastAligned else { return nil }
        var alignment = best.alignment
        alignment.refine(first.fine, second.fine, ordinaryError: 12, isFirst: false)
        let overlay = Overlay(first, second, alignment.map)
        guard overlay.correlation > leastAligned, let fit = ToneFit(overlay.points) else {
            return overlay
        }
        alignment.forgetTone()
        alignment.refine(first.toned(fit), second.fine, ordinaryError: 4, isFirst: false)
        return Overlay(first, second, alignment.map)
    }

    private static let leastUnaligned: Float = 0.2
    private static let leastAligned: Float = 0.6
    private static let surelyAligned: Float = 0.97

    private static func coarsely(
        _ first: SignaturePlanes, _ second: SignaturePlanes, scale: Float
    ) -> Alignment {
        var alignment = Alignment(scale: scale)
        for level in 0..<2 {
            alignment.refine(
                first.light[level], second.light[level], ordinaryError: 12, isFirst: true)
        }
        return alignment
    }

    /// The correlation of two grids, the second laid over the first.
    private static func correlation(
        _ first: Plane, _ second: Plane, _ map: AffineMap = AffineMap()
    ) -> Float {
        let cells = Float(second.edge)
        var correlation = Correlation()
        for cell in second.values.indices {
            let place = map(
                (Float(cell % second.edge) + 0.5) / cells - 0.5,
                (Float(cell / second.edge) + 0.5) / cells - 0.5)
            guard abs(place.x) <= 0.5, abs(place.y) <= 0.5 else { continue }
            let light = first.linear(
                (place.x + 0.5) * cells - 0.5, (place.y + 0.5) * cells - 0.5)
            correlation.add(light - 128, second.values[cell] - 128)
        }
        return correlation.value
    }
}

extension SignaturePlanes {
    /// The light as it would be after the change of tone.
    fileprivate func toned(_ fit: ToneFit) -> Plane {
        let edge = fine.edge
        let cells = Float(edge)
        let values = fine.values.indices.map { cell -> Float in
            let (row, column) = (cell / edge, cell % edge)
            let isInside = row > 0 && column > 0 && row < edge - 1 && column < edge - 1
            let slope = isInside ? fine.squaredSlope(at: cell) : 0
            let (x, y) = ((Float(column) + 0.5) / cells - 0.5, (Float(row) + 0.5) / cells - 0.5)
            return fit(tone(fine.values[cell], slope: slope, x, y))
        }
        return Plane(edge: edge, values: values)
    }
}
