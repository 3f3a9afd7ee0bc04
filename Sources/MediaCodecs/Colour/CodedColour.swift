/// Colours told by numbers (ITU-T H.273): those of HEIF's `nclx`, of PNG's cICP, and of clips.
struct CodedColour: Hashable {
    /// Which red, green, blue and white.
    var primaries = 2
    /// How numbers stand for light.
    var transfer = 2
    /// Whether red, green and blue are stored as in broadcasting, black and white at 16 and 235.
    var isNarrow = false

    /// What is shown without a conversion.
    ///
    /// Among it are the primaries and curves of television of standard dynamic range, which players
    /// and browsers show as if they were sRGB's.
    var isLikeSRGB: Bool { chromaticities == .sRGB && curve == .sRGB && !isNarrow }

    /// The primaries and white; unknown numbers count as sRGB's.
    var chromaticities: Chromaticities {
        typealias Point = Chromaticities.Point
        let daylight = Point(0.3127, 0.3290)
        let p3 = (Point(0.680, 0.320), Point(0.265, 0.690), Point(0.150, 0.060))
        return switch primaries {
        case 4:
            Chromaticities(
                red: Point(0.67, 0.33), green: Point(0.21, 0.71), blue: Point(0.14, 0.08),
                white: Point(0.310, 0.316))
        case 8:
            Chromaticities(
                red: Point(0.681, 0.319), green: Point(0.243, 0.692), blue: Point(0.145, 0.049),
                white: Point(0.310, 0.316))
        case 9:
            Chromaticities(
                red: Point(0.708, 0.292), green: Point(0.170, 0.797), blue: Point(0.131, 0.046),
                white: daylight)
        case 11:
            Chromaticities(red: p3.0, green: p3.1, blue: p3.2, white: Point(0.314, 0.351))
        case 12: Chromaticities(red: p3.0, green: p3.1, blue: p3.2, white: daylight)
        default: .sRGB
        }
    }

    /// The curve; unknown numbers count as sRGB's.
    ///
    /// So does 5: PAL's tubes had an exponent of 2.8 by the standard, but what is marked so (DVDs, digital
    /// tapes) was graded on the same screens as all else, and nobody darkens it.
    var curve: TransferCurve {
        switch transfer {
        case 4: .power(2.2)
        case 8: .power(1)
        case 16: .perceptualQuantizer
        case 17: .power(2.6)
        case 18: .hybridLogGamma
        default: .sRGB
        }
    }
}
