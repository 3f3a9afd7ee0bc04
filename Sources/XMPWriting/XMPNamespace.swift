/// The namespaces of XMP that are read or written, by their exact addresses.
package enum XMPNamespace {
    package static let xml = "http://www.w3.org/XML/1998/namespace"
    package static let xmlns = "http://www.w3.org/2000/xmlns/"
    package static let meta = "adobe:ns:meta/"
    package static let rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    package static let dublinCore = "http://purl.org/dc/elements/1.1/"
    package static let xmp = "http://ns.adobe.com/xap/1.0/"
    package static let note = "http://ns.adobe.com/xmp/note/"
    package static let exif = "http://ns.adobe.com/exif/1.0/"
    package static let tiff = "http://ns.adobe.com/tiff/1.0/"
    package static let photoshop = "http://ns.adobe.com/photoshop/1.0/"
    package static let lightroom = "http://ns.adobe.com/lightroom/1.0/"
    package static let digiKam = "http://www.digikam.org/ns/1.0/"
    /// Programs disagree about the slash at its end.
    package static let microsoft = [
        "http://ns.microsoft.com/photo/1.0/", "http://ns.microsoft.com/photo/1.0",
    ]
    package static let iptcCore = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
    package static let acdSee = "http://ns.acdsee.com/iptc/1.0/"
    package static let mediaPro = "http://ns.iview-multimedia.com/mediapro/1.0/"
    package static let camera = "http://ns.google.com/photos/1.0/camera/"
    package static let container = "http://ns.google.com/photos/1.0/container/"
    package static let item = "http://ns.google.com/photos/1.0/container/item/"
}
