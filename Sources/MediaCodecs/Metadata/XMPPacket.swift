import CExempi
import Glibc

/// An XMP packet (ISO 16684-1), read through Exempi: embedded in a file, or a sidecar's bytes.
///
/// Exempi refuses document types, and so entities; it opens no file, and reads UTF-8, UTF-16 and
/// UTF-32. What it does not guard against, packets that nest without end, `XMLDepth` does.
final class XMPPacket {
    /// Items read of one array.
    static let maximumItems = 2000
    /// Bytes read of one text.
    private static let maximumText = 64 << 10

    private let packet: OpaquePointer

    /// Loads what the library needs; once, before anything is read and rights are given up.
    static let isReady: Bool = xmp_init()

    /// Parses a packet, with or without its wrapper and the element `x:xmpmeta`; `nil` if it is none.
    init?(parsing bytes: [UInt8]) {
        guard Self.isReady, !bytes.isEmpty, bytes.count <= MetadataBlocks.maximumBlock,
            XMLDepth.isBounded(bytes)
        else { return nil }
        let bytes = XMLReferences.decimal(bytes)
        let parsed = bytes.withUnsafeBytes { buffer in
            xmp_new(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
        }
        guard let parsed else { return nil }
        packet = parsed
    }

    deinit {
        xmp_free(packet)
    }

    /// A simple value, the first item of an array, or the default language's text; `nil` if empty.
    func text(_ name: XMPName) -> String? {
        values(name, maximum: 1).first
    }

    /// The items of a Bag, a Seq or an Alt, or the one plain value.
    func texts(_ name: XMPName) -> [String] {
        values(name, maximum: Self.maximumItems)
    }

    /// The prefix under which a namespace was declared, with its colon; `nil` if it was not.
    func prefix(of namespace: String) -> String? {
        guard let value = xmp_string_new() else { return nil }
        defer { xmp_string_free(value) }
        return xmp_namespace_prefix(namespace, value) ? Self.string(value) : nil
    }

    private func values(_ name: XMPName, maximum: Int) -> [String] {
        guard let value = xmp_string_new() else { return [] }
        defer { xmp_string_free(value) }
        var bits: UInt32 = 0
        guard xmp_get_property(packet, name.namespace, name.path, value, &bits) else { return [] }
        guard bits & UInt32(XMP_PROP_VALUE_IS_ARRAY.rawValue) != 0 else {
            return [Self.string(value)].filter { !$0.isEmpty }
        }
        var items: [String] = []
        var index: Int32 = 1
        while items.count < maximum, index <= Self.maximumItems,
            xmp_get_array_item(packet, name.namespace, name.path, index, value, &bits)
        {
            index += 1
            let text = Self.string(value)
            // An item may be a structure, whose own value is empty.
            if !text.isEmpty { items.append(text) }
        }
        return items
    }

    private static func string(_ value: OpaquePointer) -> String {
        guard let start = xmp_string_cstr(value) else { return "" }
        let count = strnlen(start, maximumText)
        return UnsafeRawBufferPointer(start: start, count: count).withMemoryRebound(
            to: UInt8.self
        ) { String(decoding: $0, as: UTF8.self) }
    }
}

/// A property: its namespace's address and its path within it.
struct XMPName {
    let namespace: String
    let path: String

    init(_ namespace: String, _ path: String) {
        self.namespace = namespace
        self.path = path
    }
}
