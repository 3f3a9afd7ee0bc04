/// APP12 of digital cameras before EXIF (Agfa, Epson, Olympus, Sanyo): lines of `name=value`.
///
/// Source: ExifTool's description of the segment ("PictureInfo").
enum PictureInfo {
    private static let marks = ["[picture info]", "Type=", "OLYMPUS", "AGFA"].map { Array($0.utf8) }

    /// When the picture was taken: `TimeDate` in seconds from 1970 on, by the camera's clock.
    static func moment(in content: [UInt8]) -> String? {
        guard content.count <= 1 << 16, marks.contains(where: { content.starts(with: $0) }) else {
            return nil
        }
        let lines = content.split { $0 == 0x0a || $0 == 0x0d || $0 == 0 }
        let name = Array("TimeDate=".utf8)
        guard let line = lines.first(where: { $0.starts(with: name) }),
            let seconds = Int(String(decoding: line.dropFirst(name.count), as: UTF8.self)),
            seconds > 0
        else { return nil }
        return EpochTime.moment(secondsFrom1970: seconds)
    }
}
