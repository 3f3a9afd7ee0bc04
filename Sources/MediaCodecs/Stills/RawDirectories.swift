import MediaFormats

/// What the directories of a file with TIFF's skeleton say of a sensor's data and of previews.
struct RawDirectories {
    /// Directories looked at of one kind; real files have less than ten.
    private static let maximum = 16
    /// Interpretations of pixels (0x0106): a filter's mosaic, and one that is undone but not developed.
    private static let sensorData: Set = [32_803, 34_892]
    /// Compressions (0x0103) that only cameras use: Sony, Nikon, Samsung, Pentax, Kodak.
    private static let ofCameras: Set = [32_767, 34_713, 32_769, 32_770, 65_535, 65_000]
    /// By the beginning of the maker's name.
    private static let makers: [(String, MediaFormat)] = [
        ("NIKON", .nef), ("SONY", .arw), ("PENTAX", .pef), ("RICOH", .pef), ("SAMSUNG", .srw),
    ]

    private let structure: TIFFStructure
    /// All of them, the main one first.
    private let all: [TIFFStructure.Directory]

    /// Collects the chain of directories and those below them (0x014a).
    init(_ structure: TIFFStructure) throws(CodecError) {
        self.structure = structure
        var all = try structure.chain(maximum: Self.maximum)
        for directory in all {
            let below = try structure.integers(directory[0x014a], maximum: Self.maximum) ?? []
            for offset in below { all.append(try structure.directory(at: offset)) }
        }
        self.all = all
    }

    /// Which raw format it is; `nil` for a picture.
    var format: MediaFormat? {
        get throws(CodecError) {
            guard let main = all.first else { return nil }
            if main[0xc612] != nil { return .dng }
            guard try !sensors.isEmpty else { return nil }
            let maker = try structure.text(main[0x010f])?.uppercased() ?? ""
            return Self.makers.first { maker.hasPrefix($0.0) }?.1 ?? .otherRaw
        }
    }

    /// Width and height of the sensor's data.
    var sensorSize: (width: Int, height: Int)? {
        get throws(CodecError) {
            var largest: (width: Int, height: Int)?
            for directory in try sensors {
                guard let width = try number(directory[0x0100]),
                    let height = try number(directory[0x0101]), width > largest?.width ?? 0
                else { continue }
                largest = (width, height)
            }
            return largest
        }
    }

    /// Where the last of the sensor's data ends, as far as the directories say.
    var endOfSensorData: Int {
        get throws(CodecError) {
            var end = 0
            for directory in try sensors { end = max(end, try structure.endOfPieces(directory)) }
            return end
        }
    }

    /// Where the last of the sensor's data and of the pictures ends, as far as the directories say.
    var endOfData: Int {
        get throws(CodecError) {
            var end = try previews.map(\.upperBound).max() ?? 0
            for directory in all { end = max(end, try structure.endOfPieces(directory)) }
            return end
        }
    }

    private var sensors: [TIFFStructure.Directory] {
        get throws(CodecError) {
            var found: [TIFFStructure.Directory] = []
            for directory in all {
                let meaning = try number(directory[0x0106]) ?? 0
                let compression = try number(directory[0x0103]) ?? 0
                if Self.sensorData.contains(meaning) || Self.ofCameras.contains(compression) {
                    found.append(directory)
                }
            }
            return found
        }
    }

    /// Where JPEGs stand that may be previews: by their own tags (0x0201), or as the only strip of a
    /// directory (0x0111).
    var previews: [Range<Int>] {
        get throws(CodecError) {
            var found: [Range<Int>] = []
            for directory in all {
                for (start, size) in [(0x0201, 0x0202), (0x0111, 0x0117)] {
                    guard let start = try structure.integers(directory[start], maximum: 2),
                        let size = try structure.integers(directory[size], maximum: 2),
                        start.count == 1, size.count == 1, size[0] > 0
                    else { continue }
                    found.append(start[0]..<start[0] + size[0])
                }
            }
            return found
        }
    }

    private func number(_ entry: TIFFStructure.Entry?) throws(CodecError) -> Int? {
        try structure.integers(entry, maximum: 1)?.first
    }
}
