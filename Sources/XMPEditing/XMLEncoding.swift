/// How a sidecar's text became bytes.
///
/// Everything is edited as UTF-8; since decoding is strict, what was not edited becomes the same bytes again.
enum XMLEncoding: Equatable {
    case utf8(hasMark: Bool)
    case utf16(isBigEndian: Bool, hasMark: Bool)

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Tells the encoding by the first bytes, as XML 1.0 does (appendix F).
    init(of bytes: [UInt8]) {
        if bytes.starts(with: Self.mark) {
            self = .utf8(hasMark: true)
        } else if bytes.starts(with: [0xFE, 0xFF]) {
            self = .utf16(isBigEndian: true, hasMark: true)
        } else if bytes.starts(with: [0xFF, 0xFE]) {
            self = .utf16(isBigEndian: false, hasMark: true)
        } else if bytes.count > 1, bytes[0] == 0, bytes[1] != 0 {
            self = .utf16(isBigEndian: true, hasMark: false)
        } else if bytes.count > 1, bytes[0] != 0, bytes[1] == 0 {
            self = .utf16(isBigEndian: false, hasMark: false)
        } else {
            self = .utf8(hasMark: false)
        }
    }

    /// The text as UTF-8, without a byte order mark.
    ///
    /// - Throws: `XMPEditError` for what is not of this encoding.
    func decode(_ bytes: [UInt8]) throws(XMPEditError) -> [UInt8] {
        switch self {
        case .utf8(let hasMark):
            let text = hasMark ? Array(bytes.dropFirst(Self.mark.count)) : bytes
            guard String(validating: text, as: UTF8.self) != nil else {
                throw XMPEditError("is not the UTF-8 that it should be")
            }
            return text
        case .utf16(let isBigEndian, let hasMark):
            guard bytes.count.isMultiple(of: 2) else {
                throw XMPEditError("is not the UTF-16 that it begins as")
            }
            let units = stride(from: hasMark ? 2 : 0, to: bytes.count, by: 2).map { index in
                let pair = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
                return isBigEndian ? pair.0 << 8 | pair.1 : pair.1 << 8 | pair.0
            }
            guard let text = String(validating: units, as: UTF16.self) else {
                throw XMPEditError("is not the UTF-16 that it begins as")
            }
            return Array(text.utf8)
        }
    }

    /// The bytes of a text.
    func encode(_ text: [UInt8]) -> [UInt8] {
        switch self {
        case .utf8(let hasMark):
            return hasMark ? Self.mark + text : text
        case .utf16(let isBigEndian, let hasMark):
            let units = (hasMark ? [0xFEFF] : []) + String(decoding: text, as: UTF8.self).utf16
            return units.flatMap { unit in
                let bytes = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
                return isBigEndian ? bytes : bytes.reversed()
            }
        }
    }

    /// Whether a text may be of this encoding that declares to be of another.
    func isDeclared(as name: String) -> Bool {
        let name = name.lowercased()
        switch self {
        case .utf8: return ["utf-8", "utf8", "us-ascii"].contains(name)
        case .utf16: return name.hasPrefix("utf-16") || name.hasPrefix("iso-10646-ucs-2")
        }
    }
}
