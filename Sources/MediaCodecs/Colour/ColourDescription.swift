/// What a file says about what the numbers of its pixels stand for; without one they are sRGB.
enum ColourDescription: Hashable {
    /// An ICC profile as it stands in the file.
    case profile([UInt8])
    /// Numbers of ITU-T H.273.
    case coded(CodedColour)
    /// Primaries, white and an exponent.
    case calibrated(Chromaticities, exponent: Double)

    /// Adobe RGB (1998), which cameras write without its profile.
    static let adobeRGB = calibrated(.adobeRGB, exponent: 563.0 / 256)
}

/// What the channels of a stored pixel are.
enum ColourModel: Hashable {
    /// One channel, 0 is black.
    case grey
    /// Red, green, blue.
    case rgb
    /// Cyan, magenta, yellow, black, 0 is no ink.
    case cmyk

    /// How many there are.
    var channels: Int {
        switch self {
        case .grey: 1
        case .rgb: 3
        case .cmyk: 4
        }
    }
}
