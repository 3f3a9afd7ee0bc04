extension PNGFile {
    /// What the file says about its colours (W3C PNG, 4.3): the first of cICP, iCCP and sRGB.
    ///
    /// gAMA and cHRM are left aside, as by Pillow, FFmpeg and nearly all that shows photographs; only browsers
    /// follow them. Where they say something else than sRGB, it is hardly ever how the picture was seen
    /// when it was made: programs wrote the exponent of the screen that they ran on.
    func colour() throws(CodecError) -> ColourDescription? {
        var found: [String: [UInt8]] = [:]
        for chunk in chunks where ["cICP", "iCCP"].contains(chunk.type) {
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
        return found["iCCP"].flatMap(Self.profile)
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
}
