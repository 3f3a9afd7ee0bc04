import MediaDecoding
import MediaFormats

/// All formats.
///
/// A new one is a value in a file beside this one, a line here, and one in the table of
/// `MediaFormat`, from which the daemon takes the extensions that it looks for.
enum FileFormats {
    /// Formats of still pictures, in the order in which they are tried: raw files before TIFF, which
    /// most of them are too.
    static let stills: [any StillFormat] = [
        JPEGFormat(), PNGFormat(), WebPFormat(), GIFFormat(), BMPFormat(), RawFormat(),
        TIFFFormat(), HEIFFormat.heic, HEIFFormat.avif, JPEGXLFormat(), JPEG2000Format(),
        PSDFormat(),
    ]

    /// Formats of clips, tried after those of stills; MP4 takes what is like it and no other's.
    static let clips: [any ClipFormat] = [
        AVIFormat(), MatroskaFormat(), MP4Format(), ASFFormat(), FLVFormat(), OggFormat(),
        MXFFormat(), ProgramStreamFormat(), DVFormat(), TransportStreamFormat(),
    ]

    /// How a still is read; refuses a clip.
    static func still(_ format: MediaFormat) throws(CodecError) -> any StillFormat {
        guard let still = stills.first(where: { $0.formats.contains(format) }) else {
            throw .rejected("is a clip, not a picture")
        }
        return still
    }

    /// How a clip is read; refuses a picture.
    static func clip(_ format: MediaFormat) throws(CodecError) -> any ClipFormat {
        guard let clip = clips.first(where: { $0.formats.contains(format) }) else {
            throw .rejected("is a picture, not a clip")
        }
        return clip
    }
}

extension MediaFormat {
    /// The verdict on a file of no known format.
    static let unknown = CodecError.rejected(
        "is not a picture or clip in a format that Vignette reads ("
            + all.filter { !$0.isRaw }.map(\.title).joined(separator: ", ") + ", camera raw)")

    /// Recognises the content of `file`; names and extensions are never believed.
    init(of file: some ByteSource) throws(CodecError) {
        let start = try FileStart(file)
        for format in FileFormats.stills {
            guard let found = try format.recognise(start) else { continue }
            self = found
            return
        }
        for format in FileFormats.clips {
            guard let found = try format.recognise(start) else { continue }
            self = found
            return
        }
        if let kind = try UnsupportedKind.name(of: start) { throw .notSupported(kind) }
        if try PlainText.isIn(file) { throw .rejected(DecodingError.textReason) }
        throw Self.unknown
    }
}
