import MediaDecoding

/// The namespaces of what is written, and of what keywords are looked for in.
enum XMPNamespaces {
    static let xml = "http://www.w3.org/XML/1998/namespace"
    static let xmlns = "http://www.w3.org/2000/xmlns/"
    static let meta = "adobe:ns:meta/"
    static let rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    static let dublinCore = "http://purl.org/dc/elements/1.1/"
    static let tiff = "http://ns.adobe.com/tiff/1.0/"
    static let photoshop = "http://ns.adobe.com/photoshop/1.0/"
    static let lightroom = "http://ns.adobe.com/lightroom/1.0/"
    static let digiKam = "http://www.digikam.org/ns/1.0/"
    static let microsoft = [
        "http://ns.microsoft.com/photo/1.0/", "http://ns.microsoft.com/photo/1.0",
    ]
    static let iptcCore = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
    static let mediaPro = "http://ns.iview-multimedia.com/mediapro/1.0/"
}

/// A property of XMP, with the prefix that it is best known by.
struct XMPProperty: Hashable {
    var name: XMLName
    var prefix: String

    init(_ namespace: String, _ prefix: String, _ local: String) {
        name = XMLName(namespace: namespace, local: local)
        self.prefix = prefix
    }

    /// For messages.
    var label: String { "\(prefix):\(name.local)" }

    static let caption = XMPProperty(XMPNamespaces.dublinCore, "dc", "description")
    static let imageDescription = XMPProperty(XMPNamespaces.tiff, "tiff", "ImageDescription")
    static let title = XMPProperty(XMPNamespaces.dublinCore, "dc", "title")
    static let alternativeText = XMPProperty(
        XMPNamespaces.iptcCore, "Iptc4xmpCore", "AltTextAccessibility")
    static let sidecarForExtension = XMPProperty(
        XMPNamespaces.photoshop, "photoshop", "SidecarForExtension")
    static let subject = XMPProperty(XMPNamespaces.dublinCore, "dc", "subject")
    static let hierarchicalSubject = XMPProperty(
        XMPNamespaces.lightroom, "lr", "hierarchicalSubject")
    static let tagsList = XMPProperty(XMPNamespaces.digiKam, "digiKam", "TagsList")

    /// A property of Vignette's own namespace.
    static func own(_ local: String) -> XMPProperty {
        XMPProperty(SidecarRecord.namespace, "vignette", local)
    }
}

/// A property that holds keywords.
struct KeywordField {
    var property: XMPProperty
    /// What stands between the terms of a path; `nil` for the narrowest terms alone.
    var separator: Character?

    static let subject = KeywordField(property: .subject, separator: nil)
    static let hierarchicalSubject = KeywordField(property: .hierarchicalSubject, separator: "|")
    static let tagsList = KeywordField(property: .tagsList, separator: "/")

    /// All that are looked for: those above, a misspelling of digiKam's, iView's and Windows'.
    static let all: [KeywordField] =
        [
            subject, hierarchicalSubject,
            KeywordField(
                property: XMPProperty(XMPNamespaces.lightroom, "lr", "HierarchicalSubject"),
                separator: "|"),
            KeywordField(
                property: XMPProperty(XMPNamespaces.mediaPro, "mediapro", "CatalogSets"),
                separator: "|"),
            tagsList,
        ]
        + XMPNamespaces.microsoft.map {
            KeywordField(
                property: XMPProperty($0, "MicrosoftPhoto", "LastKeywordXMP"), separator: "/")
        }
}
