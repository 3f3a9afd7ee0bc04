/// Photoshop's image resources: blocks that begin with a mark such as `8BIM`, a number, a name, a length.
///
/// Source: Adobe Photoshop File Formats Specification, "Image Resource Blocks".
enum PhotoshopResources {
    /// The numbers of the blocks that hold metadata.
    enum Number: Int {
        case iptc = 0x0404
        /// A TIFF header and its directories.
        case exif = 0x0422
        case xmp = 0x0424
        /// An ICC profile.
        case profile = 0x040f
        /// Whether there is a flat picture (its fifth byte).
        case version = 0x0421
    }

    private static let maximumResources = 1000
    /// What blocks begin with: Photoshop's mark, and those of other programs (as ExifTool reads them).
    private static let marks = Set(["8BIM", "AgHg", "DCSR", "MeSa", "PHUT"].map { Array($0.utf8) })

    /// The blocks that hold metadata, in the file's order.
    static func metadata(
        in bytes: [UInt8]
    ) throws(CodecError) -> [(number: Number, data: [UInt8])] {
        var found: [(number: Number, data: [UInt8])] = []
        var position = 0
        for _ in 0..<maximumResources {
            guard let mark = try bytes.bytes(at: position, count: 4), marks.contains(mark),
                let number = try bytes.integer(at: position + 4, size: 2),
                let name = try bytes.integer(at: position + 6, size: 1)
            else { break }
            // The name with its length byte, and the data, are padded to even sizes.
            let length = position + 6 + (name + 2) / 2 * 2
            guard let size = try bytes.integer(at: length, size: 4) else { break }
            let rest = bytes.count - length - 4
            guard rest >= 0 else { break }
            if let number = Number(rawValue: number),
                let data = try bytes.bytes(at: length + 4, count: min(size, rest))
            {
                found.append((number, data))
            }
            guard size <= rest else { break }
            position = length + 4 + size + size % 2
        }
        return found
    }
}
