import SystemPackage

/// The text that a volume is known by.
enum VolumeKey {
    /// Puts a key together: the file system, its directory, and where below the root that one stands.
    ///
    /// Directory and place are cut at their ends as long as they agree there, so that the key says only
    /// how places below the root follow from places in the file system. Mounting a folder of a disk at
    /// the very place that it has on the disk, as systemd does to protect it, changes no key.
    static func text(identity: String, directory: FilePath, place: FilePath) -> String {
        var directory = directory
        var place = place
        while let name = place.lastComponent, name == directory.lastComponent {
            directory.removeLastComponent()
            place.removeLastComponent()
        }
        // A key neither begins nor ends with a space: nobody who keeps it as text may shorten it.
        let ending = place.isEmpty ? "." : escaped(place.bytes)
        return "\(identity) \(escaped(directory.bytes)) \(ending)"
    }

    /// Writes bytes without spaces, control characters and whatever is no ASCII: `%20` for a space.
    static func escaped(_ bytes: [UInt8]) -> String {
        var text = ""
        for byte in bytes {
            if (0x21...0x7E).contains(byte), byte != UInt8(ascii: "%") {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }
}
