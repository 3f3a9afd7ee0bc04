import Glibc

@testable import MediaCodecs

/// The slow twins of what is in C.
enum ReferenceColour {
    /// sRGB's number of a light, 0 to 255.
    static func encoded(_ light: Double) -> Double {
        let light = min(max(light, 0), 1)
        return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055)
    }

    /// sRGB of L*, a*, b* against D50 (CIE 15, adapted to D65 by the Bradford transform).
    static func sRGB(_ lab: [Double]) -> [Double] {
        func inverse(_ value: Double) -> Double {
            value > 6.0 / 29 ? value * value * value : 108.0 / 841 * (value - 4.0 / 29)
        }
        let y = (lab[0] + 16) / 116
        let light = [
            0.96422 * inverse(y + lab[1] / 500), inverse(y), 0.82521 * inverse(y - lab[2] / 200),
        ]
        let matrix = Matrix3(rows: [
            [3.1338561, -1.6168667, -0.4906146], [-0.9787684, 1.9161415, 0.0334540],
            [0.0719453, -0.2289914, 1.4052427],
        ])
        return matrix.times(light).map(encoded)
    }
}
