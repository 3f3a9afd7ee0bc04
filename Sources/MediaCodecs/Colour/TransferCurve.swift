import Glibc

/// How a channel's numbers stand for light.
enum TransferCurve: Hashable {
    /// IEC 61966-2-1.
    case sRGB
    /// Light is the number to this power.
    case power(Double)
    /// SMPTE ST 2084: PQ, in nits.
    case perceptualQuantizer
    /// ARIB STD-B67: HLG, the scene's light.
    case hybridLogGamma

    /// Nits of white paper in pictures of high dynamic range: what becomes sRGB's white.
    ///
    /// From ITU-R BT.2408, 2.1.
    static let paperWhite = 203.0
    /// The screen on which 75 % of HLG are paper white (ITU-R BT.2100, table 5).
    static let hybridPeak = 1000.0
    /// HLG's system gamma on that screen.
    static let hybridGamma = 1.2

    /// Whether light goes beyond white.
    var isHighDynamicRange: Bool {
        self == .perceptualQuantizer || self == .hybridLogGamma
    }

    /// The number of 16 bits that stands for white paper.
    var paper: UInt16 {
        switch self {
        case .sRGB, .power: .max
        case .perceptualQuantizer:
            UInt16(PerceptualQuantizer.value(ofNits: Self.paperWhite) * 65_535)
        case .hybridLogGamma: 49_151
        }
    }

    /// Light of a number from 0 to 1; 1 is white, for PQ paper white, for HLG the brightest.
    func light(of value: Double) -> Double {
        let value = min(max(value, 0), 1)
        switch self {
        case .sRGB:
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        case .power(let exponent):
            return pow(value, exponent)
        case .perceptualQuantizer:
            return PerceptualQuantizer.nits(of: value) / Self.paperWhite
        case .hybridLogGamma:
            let (a, b, c) = (0.17883277, 0.28466892, 0.55991073)
            return value <= 0.5 ? value * value / 3 : (exp((value - c) / a) + b) / 12
        }
    }

    /// Light of all numbers of 16 bits.
    ///
    /// - Parameter isNarrow: whether black and white are 16 and 235 of 255, as in broadcasting.
    /// - Returns: 65,536 numbers.
    func table(isNarrow: Bool = false) -> [Float] {
        (0..<65_536).map { number in
            let value = Double(number) / 65_535
            return Float(light(of: isNarrow ? (value * 255 - 16) / 219 : value))
        }
    }
}

/// SMPTE ST 2084: numbers in even steps of what an eye can tell apart, up to 10,000 nits.
enum PerceptualQuantizer {
    private static let m1 = 2610.0 / 16_384
    private static let m2 = 2523.0 / 4096 * 128
    private static let c1 = 3424.0 / 4096
    private static let c2 = 2413.0 / 4096 * 32
    private static let c3 = 2392.0 / 4096 * 32

    /// Nits of a number from 0 to 1.
    static func nits(of value: Double) -> Double {
        let power = pow(value, 1 / m2)
        return 10_000 * pow(max(power - c1, 0) / (c2 - c3 * power), 1 / m1)
    }

    /// The number from 0 to 1 of a brightness in nits.
    static func value(ofNits nits: Double) -> Double {
        let power = pow(max(nits, 0) / 10_000, m1)
        return pow((c1 + c2 * power) / (1 + c3 * power), m2)
    }
}
