public import Imaging
public import MediaDecoding

/// What a model needs of a picture or a clip, and nothing else of it: pixels.
public enum PieceContent: Equatable, Sendable {
    /// A picture, as large as the model looks at it.
    case still(RGBImage)
    /// A clip by the frames of its sampled seconds, and its duration as the container states it.
    case clip([VideoFrame], duration: Double?)

    /// Most bytes of one piece; what is larger is not offered.
    public static let mostBytes = 32 << 20
    private static let format: UInt8 = 1
    private static let mostFrames = 10_000
    private static let mostEdge = 1 << 16
    private static let headBytes = 16

    /// Bytes of all pixels.
    public var byteCount: Int {
        switch self {
        case .still(let image): image.pixels.count
        case .clip(let frames, _): frames.reduce(0) { $0 + $1.image.pixels.count }
        }
    }

    /// Whether it is a clip.
    public var isClip: Bool { if case .clip = self { true } else { false } }

    /// The bytes in which it is sent: format, kind, then width, height and pixels, for a clip of each frame with its
    /// second before.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.add(Self.format)
        switch self {
        case .still(let image):
            writer.add(UInt8(0))
            Self.add(image, to: &writer)
        case .clip(let frames, let duration):
            writer.add(UInt8(1))
            writer.add(duration)
            writer.add(count: frames.count)
            for frame in frames {
                writer.add(frame.second)
                Self.add(frame.image, to: &writer)
            }
        }
        return writer.bytes
    }

    /// Reads what was sent.
    ///
    /// - Throws: `BadBytes`.
    public init(_ bytes: [UInt8]) throws(BadBytes) {
        guard bytes.count <= Self.mostBytes + (1 << 20) else { throw BadBytes("it is too large") }
        var reader = ByteReader(bytes)
        guard try reader.number(UInt8.self) == Self.format else {
            throw BadBytes("its format is unknown")
        }
        switch try reader.number(UInt8.self) {
        case 0: self = .still(try Self.image(&reader))
        case 1:
            let duration = try reader.optionalDouble(0...1e9)
            var frames: [VideoFrame] = []
            for _ in 0..<(try reader.count(1...Self.mostFrames, each: Self.headBytes)) {
                let second = try reader.double(0...1e9)
                guard second > frames.last?.second ?? -1 else {
                    throw BadBytes("frames are out of order")
                }
                frames.append(VideoFrame(second: second, image: try Self.image(&reader)))
            }
            self = .clip(frames, duration: duration)
        default: throw BadBytes("its kind is unknown")
        }
        try reader.finish()
    }

    private static func add(_ image: RGBImage, to writer: inout ByteWriter) {
        writer.add(UInt32(clamping: image.width))
        writer.add(UInt32(clamping: image.height))
        writer.add(raw: image.pixels)
    }

    private static func image(_ reader: inout ByteReader) throws(BadBytes) -> RGBImage {
        let width = Int(try reader.number(UInt32.self))
        let height = Int(try reader.number(UInt32.self))
        guard (1...mostEdge).contains(width), (1...mostEdge).contains(height) else {
            throw BadBytes("a picture's size is out of bounds")
        }
        return RGBImage(width: width, height: height, pixels: try reader.raw(width * height * 3))
    }
}
