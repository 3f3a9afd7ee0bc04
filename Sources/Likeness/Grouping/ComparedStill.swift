/// What is known of a still besides how it looks.
public struct ComparedStill: Sendable {
    /// The asset.
    public let id: Int64
    /// When it was taken, in seconds on the camera's own clock.
    ///
    /// From any beginning that is the same for all; `nil` where no camera said so. The time of a file is none.
    public let captureTime: Double?
    /// What tells cameras apart, such as maker and model; `nil` where unknown.
    public let camera: String?
    /// Width times height.
    public let pixelCount: Int
    /// Bytes of the file.
    public let byteCount: Int64

    /// Collects what is known.
    public init(
        id: Int64, captureTime: Double? = nil, camera: String? = nil, pixelCount: Int,
        byteCount: Int64
    ) {
        self.id = id
        self.captureTime = captureTime.flatMap { $0.isFinite ? $0 : nil }
        self.camera = camera
        self.pixelCount = pixelCount
        self.byteCount = byteCount
    }

    /// Whether this one is rather kept than the other: more pixels, then more bytes, then the older asset.
    func isBetter(than other: ComparedStill) -> Bool {
        if pixelCount != other.pixelCount { return pixelCount > other.pixelCount }
        if byteCount != other.byteCount { return byteCount > other.byteCount }
        return id < other.id
    }

    /// Seconds between two captures; `nil` where one is unknown, or the clocks are those of two cameras.
    func seconds(to other: ComparedStill) -> Double? {
        guard let captureTime, let otherTime = other.captureTime else { return nil }
        if let camera, let otherCamera = other.camera, camera != otherCamera { return nil }
        return abs(captureTime - otherTime)
    }
}
