import MediaDecoding

/// What an EXIF block says: how to turn the picture, when, where and with what it was taken.
///
/// Tags as in EXIF 2.32; all of them are in the block's first directory, its EXIF directory and its
/// GPS directory.
struct Exif {
    /// How the stored pixels are to be turned.
    var orientation: Orientation = .upright
    /// Time, camera and place.
    var metadata = MediaMetadata()

    /// Of a file that says nothing.
    init() {}

    /// Reads a block that starts with a TIFF header at `base`; what is broken in it is left out.
    init(_ source: any ByteSource, at base: Int = 0) throws(CodecError) {
        guard let structure = try TIFFStructure(source, at: base) else { return }
        let main = try structure.mainDirectory()
        let exif = try structure.directory(main[0x8769])
        let place = try structure.directory(main[0x8825])
        if let value = try structure.integers(main[0x0112], maximum: 1)?.first {
            orientation = Orientation(rawValue: value) ?? .upright
        }
        var moment: String?
        for entry in [exif[0x9003], exif[0x9004], main[0x0132]] where moment == nil {
            moment = try structure.text(entry)
        }
        let original = try structure.text(exif[0x9011])
        let general = try structure.text(exif[0x9010])
        metadata.takenAt = TakenAt.fromExif(moment, offset: original ?? general)
        metadata.camera = CameraName.join(
            maker: try structure.text(main[0x010f]), model: try structure.text(main[0x0110]))
        metadata.setPosition(
            latitude: try Self.degrees(structure, place[2], place[1], negative: "S"),
            longitude: try Self.degrees(structure, place[4], place[3], negative: "W"))
    }

    /// Degrees, minutes and seconds with the letter of their direction.
    private static func degrees(
        _ structure: TIFFStructure, _ value: TIFFStructure.Entry?,
        _ direction: TIFFStructure.Entry?,
        negative: String
    ) throws(CodecError) -> Double? {
        guard let parts = try structure.fractions(value, maximum: 3),
            let letter = try structure.text(direction)?.prefix(1).uppercased(), !letter.isEmpty
        else { return nil }
        let sum = zip(parts, [1, 60, 3600.0]).reduce(0) { $0 + $1.0 / $1.1 }
        return letter == negative ? -sum : sum
    }
}

extension MediaMetadata {
    /// Keeps a position that is one: both parts within range, and not the 0, 0 of a receiver without a fix.
    mutating func setPosition(latitude: Double?, longitude: Double?) {
        guard let latitude, let longitude, latitude.isFinite, longitude.isFinite,
            abs(latitude) <= 90, abs(longitude) <= 180, latitude != 0 || longitude != 0
        else { return }
        self.latitude = latitude
        self.longitude = longitude
    }
}
