import CRawShim
import Imaging

/// What a camera's sensor saw, through LibRaw.
final class RawPicture {
    /// A picture that the camera put into the file, not turned.
    enum Preview {
        case jpeg([UInt8])
        case pixels(RGBImage)
    }

    /// Width of the sensor's picture, as stored.
    let width: Int
    /// Height of the sensor's picture, as stored.
    let height: Int
    /// How it is to be turned.
    let orientation: Orientation
    /// Maker and model.
    let camera: String?
    /// What the camera's clock showed.
    let taken: String?
    private let raw: OpaquePointer
    // LibRaw reads from these bytes as long as it has the file open.
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    /// Opens the file and reads its headers.
    init(_ file: [UInt8]) throws(CodecError) {
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: file.count)
        _ = bytes.initialize(fromContentsOf: file)
        var outcome = vignette_raw_fine
        guard let raw = vignette_raw_open(bytes.baseAddress, bytes.count, &outcome) else {
            bytes.deallocate()
            throw .failed("no memory for a camera raw file")
        }
        self.raw = raw
        self.bytes = bytes
        var facts = vignette_raw_facts()
        if outcome == vignette_raw_fine { vignette_raw_describe(raw, &facts) }
        (width, height) = (Int(facts.width), Int(facts.height))
        orientation = Self.orientation(flip: Int(facts.flip))
        camera = CameraName.join(maker: Self.text(facts.maker), model: Self.text(facts.model))
        taken = TakenAt.fromExif(Self.text(facts.taken), offset: nil)
        try check(outcome)
    }

    deinit {
        vignette_raw_close(raw)
        bytes.deallocate()
    }

    /// The largest preview; `nil` if there is none that LibRaw can take out.
    func preview() throws(CodecError) -> Preview? {
        var picture = vignette_raw_picture()
        let outcome = vignette_raw_preview(raw, &picture)
        if outcome == vignette_raw_no_memory { try check(outcome) }
        guard outcome == vignette_raw_fine else { return nil }
        let content = Array(UnsafeBufferPointer(start: picture.bytes, count: picture.count))
        return picture.width == 0 ? .jpeg(content) : .pixels(Self.image(picture, content))
    }

    /// Makes a picture of half the size from the sensor's data, not turned.
    func develop() throws(CodecError) -> RGBImage {
        var picture = vignette_raw_picture()
        try check(vignette_raw_develop(raw, &picture))
        let content = Array(UnsafeBufferPointer(start: picture.bytes, count: picture.count))
        return Self.image(picture, content)
    }

    private static func image(_ picture: vignette_raw_picture, _ content: [UInt8]) -> RGBImage {
        let (width, height) = (Int(picture.width), Int(picture.height))
        return RGBImage(
            width: width, height: height, pixels: Array(content.prefix(width * height * 3)))
    }

    private func check(_ outcome: vignette_raw_outcome) throws(CodecError) {
        let message = String(cString: vignette_raw_message(raw))
        switch outcome {
        case vignette_raw_fine: return
        case vignette_raw_cut: throw .cutShort
        case vignette_raw_no_memory: throw .failed("no memory for a camera raw file: \(message)")
        case vignette_raw_unknown: throw .notSupported("camera raw: \(message)")
        default: throw .damaged("\(message) (camera raw)")
        }
    }

    /// LibRaw's bits: first columns are mirrored (1), then rows (2), then both exchanged (4).
    private static func orientation(flip: Int) -> Orientation {
        let ways: [Orientation] = [
            .upright, .mirrored, .flipped, .upsideDown, .transposed, .left, .right, .transversed,
        ]
        return ways[flip & 7]
    }

    private static func text<Characters>(_ characters: Characters) -> String {
        withUnsafeBytes(of: characters) { LegacyText.decode($0) }
    }
}
