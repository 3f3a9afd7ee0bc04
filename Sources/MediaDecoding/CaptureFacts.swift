/// When, where and with what a picture was taken, as far as its file says.
public struct CaptureFacts: Codable, Equatable, Sendable {
    /// Local time as ISO 8601 without zone (`2024-07-26T18:03:11`), with `Z` or `+hh:mm` if known.
    ///
    /// As exact as the file is: without seconds (`2024-07-26T18:03`) or a day alone (`2024-07-26`).
    public var takenAt: String?
    /// Maker and model in one line, control characters removed, at most 200 characters.
    public var camera: String?
    /// Degrees north, −90 … 90.
    public var latitude: Double?
    /// Degrees east, −180 … 180.
    public var longitude: Double?

    /// Builds facts from their parts.
    public init(
        takenAt: String? = nil, camera: String? = nil, latitude: Double? = nil,
        longitude: Double? = nil
    ) {
        self.takenAt = takenAt
        self.camera = camera
        self.latitude = latitude
        self.longitude = longitude
    }

    /// Whether every part is within what it is documented to be.
    var isPlausible: Bool {
        (takenAt?.utf8.count ?? 0) <= 40 && (camera?.count ?? 0) <= 200
            && latitude.map { abs($0) <= 90 } ?? true && longitude.map { abs($0) <= 180 } ?? true
    }
}
