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
    public static let version: UInt8 = 1
    /// How many bytes a signature has.
    public static let byteCount = 3 + lightCount + lightCount / 8 + 2 * colourCount

    /// Cells along an edge of the grid of light.
    static let lightEdge = 40
    /// Cells along an edge of the grid of colours.
    static let colourEdge = 10
    static let lightCount = lightEdge * lightEdge
    static let colourCount = colourEdge * colourEdge

    /// Light of the darkest and of the brightest cell, 0 to 255.
    let darkest: UInt8
    let brightest: UInt8
    /// [40, 40], row by row; 0 is the darkest cell's light, 255 the brightest's.
    let light: [UInt8]
    /// A bit for each cell of the grid of light, the lowest of a byte first: whether something in it is so
    /// bright that a brighter copy would lose it, or that a darker original may have had more.
    let glare: [UInt8]
    /// [2, 10, 10]: blue-difference, then red-difference, with 128 for grey (BT.601, full range).
    let colours: [UInt8]

    /// The signature as it is stored: version, darkest, brightest, light, glare, colours.
    public var bytes: [UInt8] {
        [Self.version, darkest, brightest] + light + glare + colours
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
        let lightEnd = 3 + Self.lightCount
        let glareEnd = lightEnd + Self.lightCount / 8
        darkest = bytes[1]
        brightest = bytes[2]
        light = Array(bytes[3..<lightEnd])
        glare = Array(bytes[lightEnd..<glareEnd])
        colours = Array(bytes[glareEnd...])
    }

    /// Computes the signature of a picture.
    ///
    /// - Parameter image: upright, sRGB, of any size; a short edge of 80 pixels or more keeps what tells pictures
    ///   apart.
    public init(_ image: RGBImage) {
        let fine = FineGrid(image, edge: Self.lightEdge * FineGrid.factor)
        let light = fine.light.smoothed()
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
