import Foundation

/// XMP as programs write it, for sidecars and for the inside of files.
enum XMPText {
    /// A packet with the elements and attributes of one description.
    static func packet(_ elements: String, attributes: String = "") -> Data {
        Data(
            """
            <?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/">
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
            xmlns:xmp="http://ns.adobe.com/xap/1.0/"
            xmlns:exif="http://ns.adobe.com/exif/1.0/"
            xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
            xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" \(attributes)>
            \(elements)</rdf:Description></rdf:RDF></x:xmpmeta>
            <?xpacket end="w"?>
            """.utf8)
    }

    /// A caption in the default language.
    static func caption(_ text: String) -> String {
        """
        <dc:description><rdf:Alt><rdf:li xml:lang="x-default">\(text)</rdf:li></rdf:Alt>
        </dc:description>
        """
    }

    /// Keywords without hierarchy.
    static func keywords(_ words: String...) -> String {
        let items = words.map { "<rdf:li>\($0)</rdf:li>" }.joined()
        return "<dc:subject><rdf:Bag>\(items)</rdf:Bag></dc:subject>"
    }

    /// A JPEG with a packet behind its first marker.
    static func jpeg(_ picture: Data, _ packet: Data) -> Data {
        let content = Data("http://ns.adobe.com/xap/1.0/\0".utf8) + packet
        let length = content.count + 2
        return picture.prefix(2) + Data([0xff, 0xe1, UInt8(length >> 8), UInt8(length & 0xff)])
            + content + picture.dropFirst(2)
    }
}
