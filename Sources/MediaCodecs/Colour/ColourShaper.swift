import CColour

/// A conversion by a curve for each channel and a matrix: most of the world's profiles.
struct ColourShaper: Sendable {
    /// Light of each value of 16 bits of red, green and blue.
    let curves: [[Float]]
    /// From the picture's light to sRGB's.
    let matrix: [Float]
    /// The light of HLG depends on the luminance of the scene.
    var isHybridLogGamma = false
    /// How light beyond white is shown.
    var tone: ToneCurve?

    init(curves: [[Float]], matrix: Matrix3) {
        self.curves = curves
        self.matrix = matrix.rows.joined().map { Float($0) }
    }

    /// Of colours told by numbers.
    init(_ colour: CodedColour) {
        let curve = colour.curve.table(isNarrow: colour.isNarrow)
        let matrix = colour.chromaticities.toSRGB ?? .identity
        self.init(curves: [curve, curve, curve], matrix: matrix)
        isHybridLogGamma = colour.curve == .hybridLogGamma
    }

    /// Of primaries, white and an exponent; `nil` for what are no colours.
    init?(_ chromaticities: Chromaticities, exponent: Double) {
        guard exponent.isFinite, (0.1...10).contains(exponent),
            let matrix = chromaticities.toSRGB
        else { return nil }
        let curve = TransferCurve.power(exponent).table()
        self.init(curves: [curve, curve, curve], matrix: matrix)
    }

    /// Whether no colour changes by more than two steps of 255.
    var changesNothing: Bool {
        let levels = stride(from: 0, through: 255, by: 15).map { UInt8($0) }
        let colours = levels.flatMap { red in
            levels.flatMap { green in levels.flatMap { blue in [red, green, blue] } }
        }
        let shown = convert(colours)
        return zip(colours, shown).allSatisfy { abs(Int($0) - Int($1)) <= 2 }
    }

    /// Converts pixels of red, green and blue.
    func convert(_ pixels: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: pixels.count) { target, filled in
            pixels.withUnsafeBufferPointer { source in
                withShaper { shaper in
                    vignette_shape_8(
                        shaper, source.baseAddress, target.baseAddress, source.count / 3)
                }
            }
            filled = pixels.count
        }
    }

    /// Hands out the structure that the loops work with.
    func withShaper(_ body: (UnsafePointer<vignette_shaper>) -> Void) {
        curves[0].withUnsafeBufferPointer { red in
            curves[1].withUnsafeBufferPointer { green in
                curves[2].withUnsafeBufferPointer { blue in
                    var shaper = vignette_shaper()
                    shaper.curves = (red.baseAddress, green.baseAddress, blue.baseAddress)
                    shaper.matrix = (
                        matrix[0], matrix[1], matrix[2], matrix[3], matrix[4], matrix[5],
                        matrix[6], matrix[7], matrix[8]
                    )
                    if isHybridLogGamma {
                        let peak = TransferCurve.hybridPeak / TransferCurve.paperWhite
                        shaper.hybrid_gain = Float(peak)
                        shaper.hybrid_exponent = Float(TransferCurve.hybridGamma - 1)
                    }
                    guard let tone else { return withUnsafePointer(to: shaper, body) }
                    tone.withCurve { curve in
                        shaper.tone = curve
                        withUnsafePointer(to: shaper, body)
                    }
                }
            }
        }
    }
}
