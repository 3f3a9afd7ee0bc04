import XMPWriting

/// An attribute with its place in the bytes.
struct XMLAttribute {
    /// As it is written, with its prefix.
    var written: String
    /// In its namespace; that of an attribute without prefix is empty.
    var name: XMLName
    /// Decoded.
    var value: String
    /// With the space before it.
    var range: Range<Int>
    /// Between the quotes.
    var valueRange: Range<Int>
    /// The quote.
    var quote: UInt8
}

/// An element with its place in the bytes.
struct XMLElement {
    /// Its number among the document's elements; the root's is 0.
    var index: Int
    /// The element around it.
    var parent: Int?
    /// As it is written, with its prefix.
    var written: String
    var name: XMLName
    var attributes: [XMLAttribute]
    /// The namespaces that it declares, by prefix; the default one's is empty.
    var declarations: [String: String]
    /// `<name …>` or `<name …/>`.
    var startTag: Range<Int>
    /// `</name>`; empty at the end of the start tag where that closes itself.
    var endTag: Range<Int>
    var children: [Int] = []
    /// The characters directly in it, decoded.
    var text: [UInt8] = []

    var isSelfClosing: Bool { endTag.isEmpty }
    /// All of it.
    var range: Range<Int> { startTag.lowerBound..<endTag.upperBound }
    /// What stands between its tags.
    var content: Range<Int> { startTag.upperBound..<endTag.lowerBound }
    /// The characters directly in it.
    var string: String { String(decoding: text, as: UTF8.self) }

    func attribute(_ name: XMLName) -> XMLAttribute? {
        attributes.first { $0.name == name }
    }
}
