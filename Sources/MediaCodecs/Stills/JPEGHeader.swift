/// What stands before a JPEG's first scan (ITU T.81, annex B): its frame and its metadata.
struct JPEGHeader {
    /// How the samples are coded, as the frame's marker (SOF) says.
    enum Coding {
        /// By cosines, in one go or in several: what libjpeg reads.
        case cosines
        /// By differences to neighbours (SOF3), as in scans of films and of hospitals.
        case lossless
        /// In a way that next to nobody has written: hierarchical, lossless and arithmetic, or JPEG-LS.
        case rare(marker: UInt8)
    }

    let width: Int
    let height: Int
    let coding: Coding
    /// Bits of a sample.
    let precision: Int
    let blocks: MetadataBlocks
    /// The ICC profile.
    let profile: [UInt8]?

    /// Reads the frame header, the profile and the metadata before the first scan, on either side of it.
    init(_ source: any ByteSource) throws(CodecError) {
        var segments = JPEGSegments(source)
        var frame: (marker: UInt8, start: Int)?
        var metadata = JPEGMetadata()
        var profile = JPEGProfile()
        while let segment = try segments.next(), segment.marker != 0xda {
            switch segment.marker {
            case 0xc0...0xc3, 0xc5...0xc7, 0xc9...0xcb, 0xcd...0xcf, 0xf7:
                frame = frame ?? (segment.marker, segment.content.lowerBound)
            default:
                try profile.add(marker: segment.marker, segment.content, of: source)
                try metadata.add(marker: segment.marker, segment.content, of: source)
            }
        }
        guard let frame else { throw .damaged("it has no frame header (JPEG)") }
        guard let precision = try source.integer(at: frame.start, size: 1),
            let height = try source.integer(at: frame.start + 1, size: 2),
            let width = try source.integer(at: frame.start + 3, size: 2), width > 0, height > 0
        else { throw .damaged("its frame header has no size (JPEG)") }
        (self.width, self.height, self.precision) = (width, height, precision)
        switch frame.marker {
        case 0xc0...0xc2, 0xc9, 0xca: coding = .cosines
        case 0xc3: coding = .lossless
        default: coding = .rare(marker: frame.marker)
        }
        blocks = try metadata.finish()
        self.profile = profile.whole
    }

    /// Says what cannot be decoded although it is whole.
    func checkSupport() throws(CodecError) {
        switch coding {
        case .cosines where precision != 8:
            throw .notSupported("a JPEG of \(precision) bits a sample")
        case .rare(let marker):
            throw .notSupported("a JPEG in a rare coding (frame marker \(marker))")
        default: return
        }
    }
}
