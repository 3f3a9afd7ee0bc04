import MediaDecoding

/// What an EXIF block says: how to turn the picture, when, where and with what it was taken.
///
/// Tags as in EXIF 2.32 and, for texts and rating, as Windows writes them; all of them are in the
/// block's first directory, its EXIF directory and its GPS directory.
struct Exif {
    /// How the stored pixels are to be turned; `nil` if it does not say.
    var orientation: Orientation?
    /// When it was exposed (`DateTimeOriginal`), as `TakenAt` writes it.
    var original: String?
    /// When it was digitised (`DateTimeDigitized`, also called `CreateDate`).
    var digitised: String?
    /// When the file was changed last (`DateTime`, also called `ModifyDate`).
    var modified: String?
    /// When the receiver had its position, in UTC.
    var positioned: String?
    /// Maker and model.
    var camera: String?
    /// Where.
    var position: Position?
    /// Texts, keywords and rating.
    var texts = EmbeddedTexts()
    /// The identifier of an Apple Live Photo.
    var contentIdentifier: String?
    /// Whether the pixels are Adobe RGB (1998), which cameras say without a profile.
    var isAdobeRGB = false
    /// XMP packets among the tags (TIFF's 700).
    var xmp: [[UInt8]] = []
    /// IPTC-IIM among the tags (TIFF's 33723).
    var iptc: [[UInt8]] = []
    /// Photoshop's resources among the tags (TIFF's 34377).
    var photoshop: [UInt8]?

    /// Of a file that says nothing.
    init() {}

    /// Reads a block that starts with a TIFF header at `base`; what is broken in it is left out.
    init(_ source: any ByteSource, at base: Int = 0) throws(CodecError) {
        guard let structure = try TIFFStructure(source, at: base) else { return }
        // Some programs put a tag into the one of the two directories where it does not belong.
        let first = try structure.mainDirectory()
        let second = try structure.directory(first[0x8769])
        let main = first.merging(second) { own, _ in own }
        let exif = second.merging(first) { own, _ in own }
        let place = try structure.directory(main[0x8825])
        try add(structure, main: main, exif: exif, place: place)
    }

    /// Adds what directories of one structure say, in the place of what was known.
    mutating func add(
        _ structure: TIFFStructure, main: TIFFStructure.Directory = [:],
        exif: TIFFStructure.Directory = [:], place: TIFFStructure.Directory = [:]
    ) throws(CodecError) {
        let way = try structure.integers(main[0x0112], maximum: 1)?.first
        orientation = way.flatMap(Orientation.init) ?? orientation
        try addMoments(structure, main, exif)
        let name = CameraName.join(
            maker: try structure.text(main[0x010f]), model: try structure.text(main[0x0110]))
        camera = name ?? camera
        let gps = GPSDirectory(structure: structure, entries: place)
        position = try gps.position() ?? position
        positioned = try gps.moment() ?? positioned
        texts = EmbeddedTexts(merging: [
            try ExifTexts(structure: structure, main: main, exif: exif).texts(), texts,
        ])
        if let note = try structure.bytes(exif[0x927c], maximum: 1 << 20) {
            contentIdentifier = try AppleMakerNote.contentIdentifier(in: note)
        }
        // Uncalibrated, with the name that DCF 2.0 gives it; 2 is what some programs write.
        let space = try structure.integers(exif[0xa001], maximum: 1)?.first
        let interoperability = try structure.directory(exif[0xa005])
        let index = try structure.text(interoperability[0x0001])
        isAdobeRGB = isAdobeRGB || space == 2 || space == 0xffff && index == "R03"
        let maximum = MetadataBlocks.maximumBlock
        if let packet = try structure.bytes(main[0x02bc], maximum: maximum) { xmp.append(packet) }
        if let record = try structure.bytes(main[0x83bb], maximum: maximum) {
            iptc.append(record)
        }
        photoshop = try structure.bytes(main[0x8649], maximum: maximum) ?? photoshop
    }

    private mutating func addMoments(
        _ structure: TIFFStructure, _ main: TIFFStructure.Directory,
        _ exif: TIFFStructure.Directory
    ) throws(CodecError) {
        let general = try structure.text(exif[0x9010])
        let ofOriginal = try structure.text(exif[0x9011])
        let ofDigitised = try structure.text(exif[0x9012])
        let taken = try structure.text(exif[0x9003])
        original = TakenAt.fromExif(taken, offset: ofOriginal ?? general) ?? original
        let scanned = try structure.text(exif[0x9004])
        digitised =
            TakenAt.fromExif(scanned, offset: ofDigitised ?? ofOriginal ?? general) ?? digitised
        let changed = try structure.text(main[0x0132])
        modified = TakenAt.fromExif(changed, offset: general ?? ofOriginal) ?? modified
    }
}

/// The GPS directory (EXIF 2.32, 4.6.6).
private struct GPSDirectory {
    let structure: TIFFStructure
    let entries: TIFFStructure.Directory

    /// Degrees with the letters of their directions; without letters the hemisphere is not known.
    func position() throws(CodecError) -> Position? {
        Position(
            latitude: try degrees(entries[2], letter: entries[1], ["N", "S"]),
            longitude: try degrees(entries[4], letter: entries[3], ["E", "W"]))
    }

    /// Degrees, minutes and seconds; seconds of 0/0 are not given and count nothing.
    private func degrees(
        _ value: TIFFStructure.Entry?, letter: TIFFStructure.Entry?, _ letters: [String]
    ) throws(CodecError) -> Double? {
        guard let parts = try structure.numbers(value, maximum: 3), let whole = parts[0],
            let letter = try structure.text(letter)?.drop(while: \.isWhitespace).prefix(1)
                .uppercased(),
            letters.contains(letter)
        else { return nil }
        // Whole degrees without minutes may be a hundred kilometres away.
        if parts.count > 1, parts[1] == nil, whole == whole.rounded() { return nil }
        // The letter says the side; cameras that write signed fractions may repeat it as a sign.
        let fractions = zip(parts.dropFirst(), [60, 3600.0]).map { abs($0 ?? 0) / $1 }
        let sum = fractions.reduce(abs(whole), +)
        return letter == letters[1] ? -sum : sum
    }

    /// Date and time in UTC, or the day alone.
    func moment() throws(CodecError) -> String? {
        guard let date = try structure.text(entries[0x1d]) else { return nil }
        guard let time = try structure.numbers(entries[7], maximum: 3), time.count == 3,
            let hour = time[0], let minute = time[1], let second = time[2],
            (0..<24).contains(hour), (0..<60).contains(minute), (0..<61).contains(second)
        else { return TakenAt.fromISO(date) }
        let digits = [hour, minute, second].map { ($0 < 10 ? "0" : "") + String(Int($0)) }
        return TakenAt.fromISO(String(date.prefix(10)) + " " + digits.joined(separator: ":") + "Z")
    }
}
