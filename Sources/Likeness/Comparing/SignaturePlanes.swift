/// A signature as numbers to reckon with.
struct SignaturePlanes {
    /// Light in steps of 255, edges 10, 20 and 40, from coarse to fine.
    let light: [Plane]
    /// How the light bends (the sum of second derivatives, by cell), edge 40.
    let curvature: Plane
    /// Whether highlights may be lost in a cell or beside it, edge 40.
    let glare: [Bool]
    /// Blue- and red-difference around 0, edge 10.
    let colours: [Plane]

    var fine: Plane { light[light.count - 1] }

    init(_ signature: PictureSignature) {
        let span = Float(signature.brightest) - Float(signature.darkest)
        let stored = signature.light.map { Float(signature.darkest) + Float($0) * span / 255 }
        let fine = Plane(edge: PictureSignature.lightEdge, values: stored).blurred()
        let middle = fine.halved()
        light = [middle.halved(), middle, fine]
        curvature = fine.curvature()
        glare = Self.spread(signature.glare, edge: fine.edge)
        let edge = PictureSignature.colourEdge
        colours = [0, edge * edge].map { start in
            let values = signature.colours[start..<start + edge * edge].map { Float($0) - 128 }
            return Plane(edge: edge, values: values)
        }
    }

    private static func spread(_ bits: [UInt8], edge: Int) -> [Bool] {
        var result = [Bool](repeating: false, count: edge * edge)
        for cell in result.indices where bits[cell / 8] >> (cell % 8) & 1 == 1 {
            let (row, column) = (cell / edge, cell % edge)
            for y in max(row - 1, 0)...min(row + 1, edge - 1) {
                for x in max(column - 1, 0)...min(column + 1, edge - 1) {
                    result[y * edge + x] = true
                }
            }
        }
        return result
    }

    /// Light with what else says how a program changes it, at a place from the picture's middle.
    func tone(_ light: Float, slope: Float, _ x: Float, _ y: Float) -> Tone {
        let cells = Float(curvature.edge)
        let coarse = Float(PictureSignature.colourEdge)
        let (u, v) = ((x + 0.5) * coarse - 0.5, (y + 0.5) * coarse - 0.5)
        return Tone(
            light: light, contrast: slope.squareRoot(),
            curvature: curvature.linear((x + 0.5) * cells - 0.5, (y + 0.5) * cells - 0.5),
            blue: colours[0].linear(u, v), red: colours[1].linear(u, v))
    }
}

/// Light of a place, and what else matters to how a program that brightens or resizes changes it.
struct Tone {
    let light: Float
    /// How much the light changes, by cell.
    let contrast: Float
    let curvature: Float
    let blue: Float
    let red: Float

    /// How far from grey.
    var saturation: Float { (blue * blue + red * red).squareRoot() }
}
