import MediaDecoding

/// The blocks of metadata of one file, whatever its format: a format collects, this reads.
///
/// What is broken in a block is left out; a block never makes a picture unreadable.
struct MetadataBlocks {
    /// Bytes that a block may have; longer ones are passed over.
    static let maximumBlock = 16 << 20
    /// Blocks of one kind that are read.
    static let maximumBlocks = 16

    /// How the stored pixels are to be turned, as the first EXIF block says that has a value for it.
    private(set) var orientation: Orientation = .upright
    private var hasOrientation = false
    /// What each EXIF block says, in the file's order.
    private(set) var exif: [Exif] = []
    /// The XMP packets, the parts of extended ones among them.
    private(set) var xmp: [[UInt8]] = []
    /// The records of IPTC-IIM.
    private(set) var iptc: [IPTCRecord] = []
    /// Texts that the container itself has, such as PNG's.
    var containerTexts = EmbeddedTexts()
    /// When the container itself says that the picture was made, such as PNG's texts.
    private var containerMoments: [String?] = []

    /// What EXIF says about the colours of a picture without a profile.
    var colour: ColourDescription? {
        exif.contains(where: \.isAdobeRGB) ? .adobeRGB : nil
    }

    /// Of a file that says nothing.
    init() {}

    /// Adds the EXIF block whose TIFF header stands at `base`, or six bytes behind it (`Exif\0\0`).
    mutating func addExif(_ source: any ByteSource, at base: Int = 0) throws(CodecError) {
        guard exif.count < Self.maximumBlocks else { return }
        let isMarked = try source.bytes(at: base, count: 4) == Array("Exif".utf8)
        try addExif(Exif(source, at: isMarked ? base + 6 : base))
    }

    /// Adds what an EXIF block says.
    mutating func addExif(_ block: Exif) throws(CodecError) {
        guard exif.count < Self.maximumBlocks else { return }
        exif.append(block)
        if let value = block.orientation, !hasOrientation {
            orientation = value
            hasOrientation = true
        }
        for packet in block.xmp { addXMP(packet) }
        for record in block.iptc { addIPTC(record) }
        if let resources = block.photoshop { try addPhotoshopResources(resources) }
    }

    /// Adds an XMP packet as it stands in the file.
    mutating func addXMP(_ packet: [UInt8]) {
        guard xmp.count < Self.maximumBlocks, packet.count <= Self.maximumBlock else { return }
        xmp.append(packet)
    }

    /// Adds the data sets of IPTC-IIM.
    mutating func addIPTC(_ bytes: [UInt8]) {
        guard iptc.count < Self.maximumBlocks else { return }
        iptc.append(IPTCRecord(bytes))
    }

    /// Adds what another part of the file says, behind what is known.
    mutating func add(_ other: MetadataBlocks) throws(CodecError) {
        for block in other.exif { try addExif(block) }
        for packet in other.xmp where !xmp.contains(packet) { addXMP(packet) }
        iptc += other.iptc.prefix(Self.maximumBlocks - iptc.count)
    }

    /// Adds Photoshop's image resources, which hold IPTC-IIM, EXIF and XMP.
    mutating func addPhotoshopResources(_ bytes: [UInt8]) throws(CodecError) {
        for (number, data) in try PhotoshopResources.metadata(in: bytes) {
            switch number {
            case .iptc: addIPTC(data)
            case .exif: try addExif(data)
            case .xmp: addXMP(data)
            case .profile, .version: continue
            }
        }
    }

    /// Adds a moment that the container itself has.
    mutating func addContainerMoment(_ moment: String?) {
        guard containerMoments.count < Self.maximumBlocks else { return }
        containerMoments.append(moment)
    }

    /// Everything that the blocks say, together with what the container says itself.
    ///
    /// Of each fact the first valid value is taken, in the order in which they are trusted: the
    /// moment of the exposure before that of the digitisation, that before the last change; EXIF
    /// before XMP before IPTC. Texts are taken from XMP first, where they are not cut and in
    /// Unicode, keywords from all of them.
    func metadata(container: MediaMetadata = MediaMetadata()) -> MediaMetadata {
        let packets = xmp.compactMap { XMPPacket(parsing: $0) }
        var result = MediaMetadata()
        result.capture.takenAt = TakenAt.first(
            of: [container.capture.takenAt] + exif.map(\.original) + exif.map(\.digitised)
                + packets.flatMap(\.moments) + iptc.flatMap(\.moments) + exif.map(\.positioned)
                + packets.map(\.positioned) + containerMoments + exif.map(\.modified)
                + packets.map(\.modified))
        result.capture.camera =
            container.capture.camera ?? exif.lazy.compactMap(\.camera).first
            ?? packets.lazy.compactMap(\.camera).first
        let positions =
            [container.capture.position] + exif.map(\.position) + packets.map(\.position)
        let position = positions.lazy.compactMap { $0 }.first
        result.capture.setPosition(latitude: position?.latitude, longitude: position?.longitude)
        let texts =
            packets.map(\.texts) + iptc.map(\.texts) + exif.map(\.texts) + [containerTexts]
        // Another program may have copied a sidecar of ours into the file: a model's words are nobody's there either.
        let records = packets.compactMap(\.record)
        result.texts = EmbeddedTexts(
            merging: texts.map { records.reduce($0) { $0.without(modelsOf: $1) } })
        result.contentIdentifier =
            container.contentIdentifier ?? exif.lazy.compactMap(\.contentIdentifier).first
        result.motionPhoto = packets.lazy.compactMap(\.motionPhoto).first
        return result
    }
}

/// Degrees north and east.
struct Position: Equatable {
    let latitude: Double
    let longitude: Double

    /// A position that is one: both parts within range, and not the 0, 0 of a receiver without a fix.
    init?(latitude: Double?, longitude: Double?) {
        guard let latitude, let longitude, latitude.isFinite, longitude.isFinite,
            abs(latitude) <= 90, abs(longitude) <= 180, latitude != 0 || longitude != 0
        else { return nil }
        self.latitude = latitude
        self.longitude = longitude
    }
}

extension CaptureFacts {
    /// The position, if there is one.
    var position: Position? { Position(latitude: latitude, longitude: longitude) }

    /// Keeps a position that is one.
    mutating func setPosition(latitude: Double?, longitude: Double?) {
        guard let position = Position(latitude: latitude, longitude: longitude) else { return }
        self.latitude = position.latitude
        self.longitude = position.longitude
    }
}
