extension PNGFile {
    /// What the file says about its colours (W3C PNG, 4.3): the first of cICP, iCCP, sRGB, and gAMA
    /// with cHRM.
    func colour() throws(CodecError) -> ColourDescription? {
        var found: [String: [UInt8]] = [:]
        for chunk in chunks where ["cICP", "iCCP", "sRGB", "gAMA", "cHRM"].contains(chunk.type) {
            guard found[chunk.type] == nil, chunk.content.count <= ICCProfile.maximumBytes else {
                continue
            }
            found[chunk.type] = try content(of: chunk)
        }
        if let numbers = found["cICP"], numbers.count == 4 {
            return .coded(
                CodedColour(
                    primaries: Int(numbers[0]), transfer: Int(numbers[1]),
                    isNarrow: numbers[3] == 0))
        }
        if let profile = found["iCCP"], let colour = Self.profile(profile) { return colour }
        guard found["sRGB"] == nil, let gamma = found["gAMA"] else { return nil }
        return try Self.calibrated(gamma: gamma, chromaticities: found["cHRM"])
    }

    /// A name, a zero, how it is compressed, and the deflated profile.
    private static func profile(_ chunk: [UInt8]) -> ColourDescription? {
        guard let end = chunk.prefix(80).firstIndex(of: 0), end + 2 < chunk.count,
            let profile = Deflated.bytes(
                Array(chunk[(end + 2)...]), maximum: ICCProfile.maximumBytes)
        else { return nil }
        // By this name PQ is known before there was cICP; the profile is for those who do not know it.
        if chunk[..<end].elementsEqual("ITUR_2100_PQ_FULL".utf8) {
            return .coded(CodedColour(primaries: 9, transfer: 16))
        }
        return .profile(profile)
    }

    /// The exponent of the picture is the inverse of gAMA's, which is in hundred-thousandths.
    private static func calibrated(
        gamma: [UInt8], chromaticities: [UInt8]?
    ) throws(CodecError) -> ColourDescription? {
        guard let gamma = try gamma.integer(at: 0, size: 4), gamma > 0 else { return nil }
        var points = Chromaticities.sRGB
        if let chromaticities, chromaticities.count == 32 {
            var numbers: [Double] = []
            for index in 0..<8 {
                let number = try chromaticities.integer(at: index * 4, size: 4) ?? 0
                numbers.append(Double(number) / 100_000)
            }
            func point(_ index: Int) -> Chromaticities.Point {
                .init(numbers[index], numbers[index + 1])
            }
            points = Chromaticities(red: point(2), green: point(4), blue: point(6), white: point(0))
        }
        // What says sRGB in these numbers means its curve, too.
        if points.isAlmost(.sRGB), (44_000...47_000).contains(gamma) { return nil }
        return .calibrated(points, exponent: 100_000 / Double(gamma))
    }
}

extension Chromaticities {
    /// Whether all points are the other's, but for rounding.
    func isAlmost(_ other: Chromaticities) -> Bool {
        zip([red, green, blue, white], [other.red, other.green, other.blue, other.white])
            .allSatisfy { abs($0.x - $1.x) < 0.002 && abs($0.y - $1.y) < 0.002 }
    }
}
