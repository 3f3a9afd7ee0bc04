import Imaging
import MediaDecoding
import MediaFormats

/// What Vignette knows of a file format: a value in a file of its own, listed in `FileFormats`.
protocol FileFormat: Sendable {
    /// The entries of the table that it reads.
    var formats: [MediaFormat] { get }
    /// The name under which its identities are counted, whatever its entries are called.
    var identityName: String { get }
    /// Which of `formats` a file is by its first bytes; `nil` if it is none.
    func recognise(_ start: FileStart) throws(CodecError) -> MediaFormat?
    /// Adds the parts of the file that are image data, and not only said about it.
    func addImageData(of file: InputFile, to hash: inout AssetHash) throws(CodecError)
}

extension FileFormat {
    var identityName: String { formats[0].name }
}

/// A format of still pictures.
protocol StillFormat: FileFormat {
    /// Size, orientation and metadata, without decoding a pixel.
    func header(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) -> StillFile
    /// The pixels as `header` describes them, not yet upright; of an animation the first frame.
    ///
    /// A smaller picture will do, as long as its shorter edge has `minimumShortEdge` pixels. The size in
    /// `header` is within the limits.
    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage
}

extension StillFormat {
    /// The whole file, where a format does not keep metadata apart.
    func addImageData(of file: InputFile, to hash: inout AssetHash) throws(CodecError) {
        try hash.add("file", 0..<file.count)
    }
}

/// A format of clips, which libav reads.
protocol ClipFormat: FileFormat {
    /// The name of libav's demuxer.
    var demuxer: String { get }
    /// What the demuxer is told beside the safety settings of all.
    var demuxerOptions: [String: String] { get }
    /// Whether the file ends before its container does, as after a crash, a full card or a broken
    /// transfer; refuses one of which nothing can be had.
    func isCutShort(_ file: InputFile) throws(CodecError) -> Bool
    /// When it was recorded, where the container says and libav does not tell.
    func takenAt(_ file: InputFile) throws(CodecError) -> String?
}

extension ClipFormat {
    var demuxerOptions: [String: String] { [:] }

    func takenAt(_ file: InputFile) throws(CodecError) -> String? { nil }

    /// A sample of the whole file, where the container does not keep its index apart.
    func addImageData(of file: InputFile, to hash: inout AssetHash) throws(CodecError) {
        try hash.addSample("file", [0..<file.count])
    }
}
