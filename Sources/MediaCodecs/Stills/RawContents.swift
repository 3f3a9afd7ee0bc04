import Imaging
import MediaDecoding

/// What is in a raw file: the sensor's data, previews, and metadata in several places.
struct RawContents {
    private let file: [UInt8]
    /// `nil` for a camera that LibRaw does not know, where directories or boxes lead to a preview.
    private let picture: RawPicture?
    private let preview: RawPicture.Preview?
    /// The sensor's size and orientation; metadata of the file and of its preview.
    private(set) var header: StillFile

    /// Opens the file.
    init(_ file: [UInt8]) throws(CodecError) {
        self.file = file
        do throws(CodecError) {
            let picture = try RawPicture(file)
            var found = try picture.preview()
            if found == nil { found = try Self.largestPreview(in: file) }
            self.picture = picture
            preview = found
            header = StillFile(
                width: picture.width, height: picture.height, orientation: picture.orientation)
        } catch {
            guard case .rejected = error, let found = try Self.largestPreview(in: file) else {
                throw try Self.isCutShort(file, isKnown: false) ? .cutShort : error
            }
            picture = nil
            preview = found
            header = try Self.header(of: found, in: file)
        }
        header.blocks = try metadata()
        header.isIncomplete =
            try Self.isCutShort(file, isKnown: true)
            || !Self.hasRoom(file, header.width, header.height)
        if picture == nil { header.orientation = header.blocks.orientation }
    }

    /// The preview, or where that is missing or smaller than wanted, the sensor's picture.
    func decode(_ limits: StillLimits, minimumShortEdge: Int?) throws(CodecError) -> RGBImage {
        var fault: CodecError?
        var image: RGBImage?
        do throws(CodecError) {
            image = try previewImage(limits, minimumShortEdge: minimumShortEdge)
        } catch {
            fault = error
        }
        let wanted = minimumShortEdge ?? max(header.width, header.height) / 4
        if let image, min(image.width, image.height) >= wanted { return unturned(image) }
        do throws(CodecError) {
            if let picture {
                // LibRaw takes what is missing at the end for black.
                guard !header.isIncomplete else { throw .cutShort }
                return try picture.develop()
            }
        } catch {
            fault = fault ?? error
        }
        if let image { return unturned(image) }
        throw fault
            ?? .notSupported("camera raw without a preview, of a camera that LibRaw does not know")
    }

    /// Whether the file ends before its data do, as far as it says where they are.
    ///
    /// Of a file that LibRaw does not know every piece counts.
    private static func isCutShort(
        _ file: [UInt8], isKnown: Bool
    ) throws(CodecError) -> Bool {
        if let boxes = try CanonBoxes(file) { return boxes.isCutShort }
        guard let structure = try TIFFStructure(file) else { return false }
        let directories = try RawDirectories(structure)
        return try (isKnown ? directories.endOfSensorData : directories.endOfData) > file.count
    }

    /// Whether there can be data of a sensor of that size: no coding needs less than a bit for four pixels.
    private static func hasRoom(_ file: [UInt8], _ width: Int, _ height: Int) -> Bool {
        file.count >= width * height / 32
    }

    private func previewImage(
        _ limits: StillLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage? {
        switch preview {
        case .jpeg(let bytes):
            let profile = (try? JPEGHeader(bytes))?.profile.map { ColourDescription.profile($0) }
            return try JPEGDecoder(limits: limits).decode(
                bytes, colour: profile ?? header.blocks.colour, minimumShortEdge: minimumShortEdge)
        case .pixels(let image): return image
        case nil: return nil
        }
    }

    /// Some cameras store their preview upright; it is turned to lie as the sensor's data do.
    private func unturned(_ image: RGBImage) -> RGBImage {
        let isWide = image.width > image.height
        guard header.orientation.swapsEdges, image.width != image.height,
            header.width != header.height, isWide != (header.width > header.height)
        else { return image }
        return header.orientation.inverse.apply(to: image)
    }

    /// From the file's own blocks, then its preview's, then what LibRaw found elsewhere.
    private func metadata() throws(CodecError) -> MetadataBlocks {
        var blocks = MetadataBlocks()
        if let boxes = try CanonBoxes(file) {
            try boxes.add(to: &blocks)
        } else {
            try blocks.addExif(file)
        }
        if case .jpeg(let bytes) = preview, let inner = try? JPEGHeader(bytes) {
            try blocks.add(inner.blocks)
        }
        var said = Exif()
        said.camera = picture?.camera
        said.original = picture?.taken
        try blocks.addExif(said)
        return blocks
    }

    private static func header(
        of preview: RawPicture.Preview, in file: [UInt8]
    ) throws(CodecError) -> StillFile {
        guard case .jpeg(let bytes) = preview else {
            throw .notSupported("camera raw without a preview")
        }
        let inner = try JPEGHeader(bytes)
        var size = (inner.width, inner.height)
        if let structure = try TIFFStructure(file) {
            size = try RawDirectories(structure).sensorSize ?? size
        }
        return StillFile(width: size.0, height: size.1)
    }

    /// The JPEG with the most pixels to which directories or boxes lead.
    private static func largestPreview(in file: [UInt8]) throws(CodecError) -> RawPicture.Preview? {
        var places: [Range<Int>] = []
        if let boxes = try CanonBoxes(file) {
            places = try boxes.previews
        } else if let structure = try TIFFStructure(file) {
            places = try RawDirectories(structure).previews
        }
        var largest: (pixels: Int, bytes: [UInt8])?
        for range in places {
            guard let bytes = try file.bytes(at: range.lowerBound, count: range.count),
                bytes.starts(with: [0xff, 0xd8, 0xff]),
                let header = try? JPEGHeader(bytes), case .cosines = header.coding
            else { continue }
            let pixels = header.width * header.height
            if pixels > largest?.pixels ?? 0 { largest = (pixels, bytes) }
        }
        return largest.map { .jpeg($0.bytes) }
    }
}
