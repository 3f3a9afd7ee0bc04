/// Which red, green, blue and white a picture's channels mean, as CIE 1931 x and y.
struct Chromaticities: Hashable {
    /// A colour without its brightness.
    struct Point: Hashable {
        let x: Double
        let y: Double

        init(_ x: Double, _ y: Double) {
            self.x = x
            self.y = y
        }

        /// X, Y and Z for a brightness of 1.
        var light: [Double] { [x / y, 1, (1 - x - y) / y] }

        /// The light in which prints are looked at (D50): what L*a*b* is against where nothing is said.
        static let d50 = Point(0.34567, 0.35850)
    }

    let red: Point
    let green: Point
    let blue: Point
    let white: Point

    /// sRGB's and BT.709's.
    static let sRGB = Chromaticities(
        red: Point(0.64, 0.33), green: Point(0.30, 0.60), blue: Point(0.15, 0.06),
        white: Point(0.3127, 0.3290))
    /// Adobe RGB (1998)'s.
    static let adobeRGB = Chromaticities(
        red: Point(0.64, 0.33), green: Point(0.21, 0.71), blue: Point(0.15, 0.06),
        white: Point(0.3127, 0.3290))

    /// From the picture's light to sRGB's; `nil` for points that are no colours.
    ///
    /// Another white becomes sRGB's by the Bradford transform (ICC.1, annex E).
    var toSRGB: Matrix3? {
        toXYZ.flatMap { Self.toSRGB(from: white)?.times($0) }
    }

    /// From X, Y and Z against a white to sRGB's light; `nil` for what is no white.
    private static func toSRGB(from white: Point) -> Matrix3? {
        guard let other = sRGB.toXYZ?.inverse else { return nil }
        guard white != sRGB.white else { return other }
        guard let back = bradford.inverse else { return nil }
        let from = bradford.times(white.light)
        let to = bradford.times(sRGB.white.light)
        guard from.allSatisfy({ $0 > 0 }) else { return nil }
        let gains = Matrix3.diagonal((0..<3).map { to[$0] / from[$0] })
        return other.times(back.times(gains.times(bradford)))
    }

    /// From L*a*b*'s parts of a white's X, Y and Z to sRGB's light; `nil` for what is no white.
    static func fromLab(against white: Point) -> Matrix3? {
        guard white.y > 0.001, white.x.isFinite, white.y.isFinite else { return nil }
        return toSRGB(from: white)?.times(.diagonal(white.light))
    }

    /// From light of the three primaries to X, Y and Z (SMPTE RP 177).
    private var toXYZ: Matrix3? {
        let points = [red, green, blue, white]
        guard points.allSatisfy({ $0.y > 0.001 && $0.x.isFinite && $0.y.isFinite }) else {
            return nil
        }
        let columns = [red, green, blue].map(\.light)
        let primaries = Matrix3(rows: (0..<3).map { row in columns.map { $0[row] } })
        guard let brightness = primaries.inverse?.times(white.light) else { return nil }
        return primaries.times(.diagonal(brightness))
    }

    private static let bradford = Matrix3(rows: [
        [0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296],
    ])
}
