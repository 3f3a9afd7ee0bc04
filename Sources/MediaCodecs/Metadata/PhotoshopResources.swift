/// Photoshop's image resources: blocks that begin with `8BIM`, a number, a name, a length.
///
/// Source: Adobe Photoshop File Formats Specification, "Image Resource Blocks".
enum PhotoshopResources {
    private static let maximumResources = 1000
    /// The number of the block that holds IPTC-IIM.
    private static let iptcNumber = 0x0404

    /// What the blocks of IPTC-IIM hold.
    static func iptc(in bytes: [UInt8]) throws(CodecError) -> [[UInt8]] {
        var found: [[UInt8]] = []
        var position = 0
        for _ in 0..<maximumResources {
            guard try bytes.bytes(at: position, count: 4) == Array("8BIM".utf8),
                let number = try bytes.integer(at: position + 4, size: 2),
                let name = try bytes.integer(at: position + 6, size: 1)
            else { break }
            // The name with its length byte, and the data, are padded to even sizes.
            let length = position + 6 + (name + 2) / 2 * 2
            guard let size = try bytes.integer(at: length, size: 4) else { break }
            let rest = bytes.count - length - 4
            guard rest >= 0 else { break }
            if number == iptcNumber,
                let data = try bytes.bytes(at: length + 4, count: min(size, rest))
            {
                found.append(data)
            }
            guard size <= rest else { break }
            position = length + 4 + size + size % 2
        }
        return found
    }
}
