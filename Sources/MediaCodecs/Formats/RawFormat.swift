import Imaging
import MediaDecoding
import MediaFormats

/// Raw files of cameras, through LibRaw: the largest preview in them, or else half the sensor's size.
struct RawFormat: StillFormat {
    let formats = MediaFormat.raws
    let identityName = "raw"

    /// Signatures of those that are no TIFF.
    private static let signatures: [(String, MediaFormat)] = [
        ("FUJIFILMCCD-RAW", .raf), ("IIRO", .orf), ("IIRS", .orf), ("MMOR", .orf), ("IIU\0", .rw2),
        ("\0MRM", .mrw), ("FOVb", .x3f), ("II\u{1a}\0\0\0HEAPCCDR", .crw),
    ]

    func recognise(_ start: FileStart) throws(CodecError) -> MediaFormat? {
        guard start.head.count >= 16 else { return nil }
        if let found = Self.signatures.first(where: { start.has($0.0) }) { return found.1 }
        if start.brands?[0] == "crx " { return .cr3 }
        guard let structure = try TIFFStructure(start.file) else { return nil }
        // Canon's mark stands behind the header of a TIFF, and so does that of Phase One.
        if start.code(at: 8).hasPrefix("CR") { return .cr2 }
        if ["IIII", "MMMM"].contains(start.code(at: 8)) { return .otherRaw }
        return try RawDirectories(structure).format
    }

    /// The sensor's size; metadata of the file and of its preview.
    func header(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) -> StillFile {
        try RawContents(file.still(limits)).header
    }

    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        try RawContents(file.still(limits))
            .decode(limits.still, minimumShortEdge: minimumShortEdge)
    }
}
