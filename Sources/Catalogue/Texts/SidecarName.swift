public import Foundation

/// Which sidecars belong to which files, by their names alone.
///
/// A sidecar's name is that of its file with `.xmp` behind it (`IMG.JPG.xmp`), or in place of its extension
/// (`IMG.xmp`).
public enum SidecarName {
    private static let dot = UInt8(ascii: ".")
    /// How programs spell the extension.
    private static let spellings = ["xmp", "XMP", "Xmp"].map { Data($0.utf8) }

    /// Whether a file of this name is a sidecar.
    static func isSidecar(_ name: Data) -> Bool {
        name.suffix(4).lowercased == Data(".xmp".utf8)
    }

    /// What a sidecar's name has before `.xmp`: a file's whole name, or its stem.
    static func subject(of sidecar: Data) -> Data {
        Data(sidecar.dropLast(4))
    }

    /// A file's name without its extension; the whole name where it has none.
    public static func stem(of name: Data) -> Data {
        guard let place = name.lastIndex(of: dot), place > name.startIndex else { return name }
        return Data(name[..<place])
    }

    /// A file's extension, lower-case, without the dot.
    static func fileExtension(of name: Data) -> String {
        String(decoding: name.dropFirst(stem(of: name).count + 1), as: UTF8.self).lowercased()
    }

    /// The names that a file's sidecar may have, the one that counts most first.
    static func candidates(for name: Data) -> [Data] {
        named(after: name) + named(after: stem(of: name))
    }

    /// The names of sidecars that are called after a file's whole name, or after its stem.
    public static func named(after subject: Data) -> [Data] {
        spellings.map { subject + [dot] + $0 }
    }

    /// The range of names in which everything lies that begins with a stem and its dot.
    static func range(ofStem stem: Data) -> (start: Data, end: Data) {
        (stem + [dot], stem + [dot + 1])
    }
}

extension Data {
    /// With ASCII's capitals as small letters.
    fileprivate var lowercased: Data {
        Data(map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 })
    }
}
