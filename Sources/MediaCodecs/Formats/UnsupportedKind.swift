/// Well-known kinds of files that are whole and not read, so that nobody takes them for damaged.
enum UnsupportedKind {
    /// Bytes in which a text is looked through for what tells it.
    private static let maximumText = 4096

    private static let starts: [(String, String)] = [
        ("%PDF-", "a PDF document"), ("%!PS", "a PostScript drawing (EPS)"),
        ("\u{c5}\u{d0}\u{d3}\u{c6}", "a PostScript drawing (EPS)"),
        ("gimp xcf ", "a GIMP picture (XCF)"),
        ("AT&TFORM", "a DjVu document"), ("icns", "an icon (ICNS)"), ("DDS ", "a texture (DDS)"),
        ("#?RADIANCE", "a Radiance picture (HDR)"), ("#?RGBE", "a Radiance picture (HDR)"),
        ("v/1\u{1}", "an OpenEXR picture (EXR)"), ("SDPX", "a DPX picture"),
        ("XPDS", "a DPX picture"),
        ("qoif", "a QOI picture"), ("BPG\u{fb}", "a BPG picture"), ("FLIF", "a FLIF picture"),
        ("\u{8b}JNG", "a JNG picture"), ("\u{8a}MNG", "an animation (MNG)"),
        ("FWS", "a Flash film (SWF)"), ("CWS", "a Flash film (SWF)"), ("ZWS", "a Flash film (SWF)"),
        ("Kaydara FBX", "a model (FBX)"), ("SIMPLE  =", "an astronomical picture (FITS)"),
        ("II\u{bc}\u{1}", "a JPEG XR picture"), ("PK\u{3}\u{4}", "an archive (ZIP)"),
        ("\u{97}JB2\r\n", "a JBIG2 picture"),
        ("\0\0\u{1}\u{b3}", "MPEG video without a container"),
    ]

    /// What the file is, for the verdict; `nil` for what is unknown.
    static func name(of start: FileStart) throws(CodecError) -> String? {
        for (text, kind) in starts where start.has(text.unicodeScalars.map { UInt8($0.value) }) {
            return kind
        }
        if let kind = icon(start.head) { return kind }
        if isPortable(start.head) { return "a portable picture (PNM)" }
        return try nameOfText(start)
    }

    /// Zero, 1 or 2, and how many pictures there are, of which none has zero: pictures of Targa (TGA) begin
    /// like this too.
    private static func icon(_ head: [UInt8]) -> String? {
        guard head.count > 22, head.starts(with: [0, 0]), head[3] == 0, head[5] == 0, head[4] > 0
        else { return nil }
        switch head[2] {
        case 1: return "an icon (ICO)"
        case 2: return "a cursor (CUR)"
        default: return nil
        }
    }

    /// `P1` to `P7` and white space (Netpbm), and `PF`.
    private static func isPortable(_ head: [UInt8]) -> Bool {
        guard head.count > 8, head[0] == UInt8(ascii: "P"), head[2] <= 0x20 else { return false }
        return (UInt8(ascii: "1")...UInt8(ascii: "7")).contains(head[1])
            || "Ff".utf8.contains(head[1])
    }

    private static func nameOfText(_ start: FileStart) throws(CodecError) -> String? {
        let count = min(start.file.count, maximumText)
        var text = LegacyText.decode(try start.file.bytes(at: 0, count: count) ?? [])
        if text.hasPrefix("\u{feff}") { text.removeFirst() }
        let trimmed = text.drop { $0.isWhitespace }
        if trimmed.hasPrefix("<"), trimmed.contains("<svg") { return "an SVG drawing" }
        if start.has([0x1f, 0x8b]) { return "a compressed file, such as an SVG drawing (SVGZ)" }
        // Lottie: frames a second, in point, out point, layers.
        let keys = ["\"v\"", "\"fr\"", "\"ip\"", "\"op\""]
        if trimmed.hasPrefix("{"), keys.allSatisfy({ trimmed.contains($0) }) {
            return "a Lottie animation"
        }
        return nil
    }
}
