import Glibc

@testable import MediaCodecs

/// Draws ICC profiles byte by byte (ICC.1).
struct ProfileBuilder {
    var model = "RGB "
    var connection = "XYZ "
    var device = "mntr"
    var tags: [(String, [UInt8])] = []

    static let big = TIFFBuilder(order: .big)

    var bytes: [UInt8] {
        var table = Self.big.integer(tags.count, 4)
        var data: [UInt8] = []
        let start = 128 + 4 + tags.count * 12
        for (name, content) in tags {
            table += Array(name.utf8) + Self.big.integer(start + data.count, 4)
            table += Self.big.integer(content.count, 4)
            data += content + [UInt8](repeating: 0, count: (4 - content.count % 4) % 4)
        }
        var header = [UInt8](repeating: 0, count: 128)
        func put(_ bytes: [UInt8], _ place: Int) {
            header.replaceSubrange(place..<place + bytes.count, with: bytes)
        }
        put(Self.big.integer(start + data.count, 4), 0)
        put([2, 0x40, 0, 0], 8)
        put(Array((device + model + connection).utf8), 12)
        put(Array("acsp".utf8), 36)
        put([0.9642, 1, 0.8249].flatMap(Self.fixed), 68)
        return header + table + data
    }

    /// A number with 16 bits behind its point.
    static func fixed(_ number: Double) -> [UInt8] {
        big.integer(Int((number * 65_536).rounded()), 4)
    }

    static func light(_ parts: [Double]) -> [UInt8] {
        Array("XYZ \0\0\0\0".utf8) + parts.flatMap(fixed)
    }

    /// A curve of some thousand steps.
    static func curve(_ light: (Double) -> Double) -> [UInt8] {
        let steps = (0..<2048).map { Int((light(Double($0) / 2047) * 65_535).rounded()) }
        return Array("curv\0\0\0\0".utf8) + big.integer(steps.count, 4)
            + steps.flatMap { big.integer($0, 2) }
    }

    /// Red, green and blue with the same curve; the colorants against D50.
    static func colour(
        _ red: [Double], _ green: [Double], _ blue: [Double], curve: (Double) -> Double
    ) -> [UInt8] {
        let steps = Self.curve(curve)
        return ProfileBuilder(tags: [
            ("rXYZ", light(red)), ("gXYZ", light(green)), ("bXYZ", light(blue)), ("rTRC", steps),
            ("gTRC", steps), ("bTRC", steps),
        ]).bytes
    }

    /// Display P3: its primaries adapted to D50.
    static let displayP3 = colour(
        [0.51512, 0.2412, -0.00105], [0.29198, 0.69225, 0.04189], [0.1571, 0.06657, 0.78407],
        curve: TransferCurve.sRGB.light)

    /// sRGB, as programs write it.
    static let sRGB = colour(
        [0.43607, 0.22249, 0.01392], [0.38515, 0.71687, 0.09708], [0.14307, 0.06061, 0.7141],
        curve: TransferCurve.sRGB.light)

    /// sRGB with green and blue exchanged, so that it is seen whether it was followed.
    static let swapped = colour(
        [0.43607, 0.22249, 0.01392], [0.14307, 0.06061, 0.7141], [0.38515, 0.71687, 0.09708],
        curve: TransferCurve.sRGB.light)

    /// What the fixtures' scene becomes by it.
    static let swappedScene: [[UInt8]] = [[255, 0, 0], [0, 0, 255], [0, 255, 0], [255, 0, 255]]

    /// Grey with a curve.
    static func grey(_ light: (Double) -> Double) -> [UInt8] {
        ProfileBuilder(model: "GRAY", tags: [("kTRC", curve(light))]).bytes
    }

    /// L*, a*, b* of the inks of a press, by their bits: cyan 8, magenta 4, yellow 2, black 1.
    static let inks: [[Double]] = (0..<16).map { bits in
        let plain: [[Double]] = [
            [100, 0, 0], [89, -5, 93], [48, 74, -3], [47, 68, 48], [55, -37, -50], [50, -65, 27],
            [24, 22, -46], [12, 0, 0],
        ]
        let colour = plain[bits >> 1]
        return bits & 1 == 0 ? colour : colour.map { $0 * 0.08 }
    }

    /// A press, by a table of the sixteen mixtures of full inks (type `mft1`).
    static let press: [UInt8] = {
        let ramp = (0..<256).map { UInt8($0) }
        var table: [UInt8] = Array("mft1\0\0\0\0".utf8) + [4, 3, 2, 0]
        table += [1, 0, 0, 0, 1, 0, 0, 0, 1].flatMap { fixed($0) }
        table += (0..<4).flatMap { _ in ramp }
        table += inks.flatMap { lab in
            [
                UInt8((lab[0] * 2.55).rounded()), UInt8(lab[1].rounded() + 128),
                UInt8(lab[2].rounded() + 128),
            ]
        }
        table += (0..<3).flatMap { _ in ramp }
        return ProfileBuilder(
            model: "CMYK", connection: "Lab ", device: "prtr", tags: [("A2B0", table)]
        ).bytes
    }()
}
