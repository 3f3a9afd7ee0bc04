import Imaging

/// What is left of a PNG that a crash, a full card or a broken transfer cut short.
extension PNGFile {
    /// Channels of a pixel by the header's colour type (W3C PNG, 11.2.1).
    private static let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4]

    /// How many rows are whole; `nil` if none is missing.
    ///
    /// Refuses interlaced pictures: what there is of one is strewn over all of it.
    var rowsLeft: Int? {
        get throws(CodecError) {
            guard isCutShort else { return nil }
            guard let start = chunks.first?.content.lowerBound,
                let width = try file.integer(at: start, size: 4),
                let depth = try file.integer(at: start + 8, size: 1), depth <= 16,
                let type = try file.integer(at: start + 9, size: 1),
                let channels = Self.channels[type],
                try file.integer(at: start + 12, size: 1) == 0
            else { throw .cutShort }
            // A row begins with the number of its filter.
            let row = (width * channels * depth + 7) / 8 + 1
            return try Self.inflate(chunks, in: file).count / row
        }
    }

    /// The decoded picture with grey where rows are missing.
    func withoutMissingRows(_ image: RGBImage, of height: Int) throws(CodecError) -> RGBImage {
        try rowsLeft.map { Incomplete.cover(image, from: $0, of: height) } ?? image
    }
}
