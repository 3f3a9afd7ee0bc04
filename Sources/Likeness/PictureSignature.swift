public import Imaging

/// What a still is compared by, beyond what it shows: its light and its colours on two small grids.
///
/// Both grids are the picture squeezed to a square, whatever its shape, so that a picture and its copies of
/// other sizes have nearly the same signature. Light is stored stretched between its darkest and
/// its brightest cell: a dark picture keeps as many steps as a bright one.
public struct PictureSignature: Hashable, Sendable {
    /// The layout that `bytes` has, and how they are computed.
    ///
    /// It stands in front of the bytes: those of another version are not read, so that signatures of
    /// different makes are never compared.
    public static let version: UInt8 = 2
    /// How many bytes a signature has.
    public static let byteCount = 4 + lightCount + lightCount / 8 + 2 * colourCount

    /// Cells along an edge of the grid of light.
    static let lightEdge = 40
    /// Cells along an edge of the grid of colours.
    static let colourEdge = 10
    static let lightCount = lightEdge * lightEdge
    static let colourCount = colourEdge * colourEdge

    /// Light of the darkest and of the brightest cell, 0 to 255.
    let darkest: UInt8
    let brightest: UInt8
    /// How much of the light's changes lies within cells, and so is not in the grid: the energy of what is finer
    /// than cells over that of the steps between them, in sixteenths; 0 where there is little of it.
    let fineness: UInt8
    /// [40, 40], row by row; 0 is the darkest cell's light, 255 the brightest's.
    let light: [UInt8]
    /// A bit for each cell of the grid of light, the lowest of a byte first: whether something in it is so
    /// bright that a brighter copy would lose it, or that a darker original may have had more.
    let glare: [UInt8]
    /// [2, 10, 10]: blue-difference, then red-difference, with 128 for grey (BT.601, full range).
    let colours: [UInt8]

    /// The signature as it is stored: version, darkest, brightest, fineness, light, glare, colours.
    public var bytes: [UInt8] {
        [Self.version, darkest, brightest, fineness] + light + glare + colours
    }

    /// Reads a stored signature; `nil` for another version, another length, or light whose darkest cell is
    /// brighter than its brightest.
    ///
    /// - Parameter bytes: as from `bytes`; from anywhere.
    public init?(bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == Self.byteCount, bytes[0] == Self.version, bytes[1] <= bytes[2] else {
            return nil
        }
        let lightEnd = 4 + Self.lightCount
        let glareEnd = lightEnd + Self.lightCount / 8
        darkest = bytes[1]
        brightest = bytes[2]
        fineness = bytes[3]
        light = Array(bytes[4..<lightEnd])
        glare = Array(bytes[lightEnd..<glareEnd])
        colours = Array(bytes[glareEnd...])
    }

    /// Computes the signature of a picture.
    ///
    /// - Parameter image: upright, sRGB, of any size; a short edge of 80 pixels or more keeps what tells pictures
    ///   apart.
    public init(_ image: RGBImage) {
        let fine = FineGrid(image, edge: Self.lightEdge * FineGrid.factor)
        let fineLight = fine.light
        let light = fineLight.smoothed()
        fineness = fineLight.fineness(within: light)
        let darkest = light.values.min() ?? 0
        let brightest = light.values.max() ?? 0
        let step = FineGrid.scale
        self.darkest = UInt8(darkest / step)
        self.brightest = UInt8((brightest + step - 1) / step)
        let floor = Int(self.darkest) * step
        let span = max(1, (Int(self.brightest) - Int(self.darkest)) * step)
        self.light = light.values.map { UInt8((($0 - floor) * 255 + span / 2) / span) }
        glare = fine.glare()
        colours = fine.colours(edge: Self.colourEdge)
    }
}

extension PictureSignature {
    /// Whether the grid does not tell what the picture shows: pages of text, and whatever else is nearly grey and
    /// changes far more within cells than between them.
    ///
    /// Of 500 photographs one has a fineness of 19 and more, a shirt with red stripes; pages of text have 60.
    var isOfText: Bool { fineness >= 32 && colourfulness < 24 }

    /// The mean distance from grey, of 128.
    private var colourfulness: Float {
        var sum: Float = 0
        for cell in 0..<Self.colourCount {
            let blue = Float(colours[cell]) - 128
            let red = Float(colours[cell + Self.colourCount]) - 128
            sum += (blue * blue + red * red).squareRoot()
        }
        return sum / Float(Self.colourCount)
    }

    /// How like two pictures are of which a grid tells little, where they lie over each other as they are: 0.5 where
    /// the light differs by as much as coding makes it differ at most, in the worst three by three cells.
    ///
    /// Of pages of 38 lines a copy coded anew or resized differs by 2.7 steps at most, one with another line by 3.1
    /// and more.
    func likenessInPlace(to other: PictureSignature) -> Double {
        let edge = Self.lightEdge
        let differences = zip(levels, other.levels).map(-)
        let mean = differences.reduce(0, +) / Float(differences.count)
        var worst: Float = 0
        for row in 1..<edge - 1 {
            for column in 1..<edge - 1 {
                var sum: Float = 0
                for line in row - 1...row + 1 {
                    for place in line * edge + column - 1...line * edge + column + 1 {
                        sum += (differences[place] - mean) * (differences[place] - mean)
                    }
                }
                worst = max(worst, sum / 9)
            }
        }
        return 1 / (1 + Double(worst / (Self.codingNoise * Self.codingNoise)))
    }

    /// Steps of light, of 255, root mean square.
    private static let codingNoise: Float = 2.8

    /// Light in steps of 255.
    private var levels: [Float] {
        let step = (Float(brightest) - Float(darkest)) / 255
        return light.map { Float(darkest) + Float($0) * step }
    }
}
