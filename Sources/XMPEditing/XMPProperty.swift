import MediaDecoding

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

    static let caption = XMPProperty(XMPNamespace.dublinCore, "dc", "description")
    static let imageDescription = XMPProperty(XMPNamespace.tiff, "tiff", "ImageDescription")
    static let title = XMPProperty(XMPNamespace.dublinCore, "dc", "title")
    static let alternativeText = XMPProperty(
        XMPNamespace.iptcCore, "Iptc4xmpCore", "AltTextAccessibility")
    static let sidecarForExtension = XMPProperty(
        XMPNamespace.photoshop, "photoshop", "SidecarForExtension")
    static let subject = XMPProperty(XMPNamespace.dublinCore, "dc", "subject")
    static let hierarchicalSubject = XMPProperty(
        XMPNamespace.lightroom, "lr", "hierarchicalSubject")
    static let tagsList = XMPProperty(XMPNamespace.digiKam, "digiKam", "TagsList")

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
                property: XMPProperty(XMPNamespace.lightroom, "lr", "HierarchicalSubject"),
                separator: "|"),
            KeywordField(
                property: XMPProperty(XMPNamespace.mediaPro, "mediapro", "CatalogSets"),
                separator: "|"),
            tagsList,
        ]
        + XMPNamespace.microsoft.map {
            KeywordField(
                property: XMPProperty($0, "MicrosoftPhoto", "LastKeywordXMP"), separator: "/")
        }
}
