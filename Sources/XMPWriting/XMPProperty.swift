import MediaDecoding

/// A name in its namespace, whatever the prefix.
package struct XMLName: Hashable, Sendable {
    package var namespace: String
    package var local: String

    package init(namespace: String, local: String) {
        self.namespace = namespace
        self.local = local
    }
}

/// A property of XMP, with the prefix that it is best known by.
package struct XMPProperty: Hashable, Sendable {
    package var name: XMLName
    package var prefix: String

    package init(_ namespace: String, _ prefix: String, _ local: String) {
        name = XMLName(namespace: namespace, local: local)
        self.prefix = prefix
    }

    /// For messages.
    package var label: String { "\(prefix):\(name.local)" }

    package static let caption = XMPProperty(XMPNamespace.dublinCore, "dc", "description")
    package static let imageDescription = XMPProperty(XMPNamespace.tiff, "tiff", "ImageDescription")
    package static let title = XMPProperty(XMPNamespace.dublinCore, "dc", "title")
    package static let alternativeText = XMPProperty(
        XMPNamespace.iptcCore, "Iptc4xmpCore", "AltTextAccessibility")
    package static let sidecarForExtension = XMPProperty(
        XMPNamespace.photoshop, "photoshop", "SidecarForExtension")
    package static let subject = XMPProperty(XMPNamespace.dublinCore, "dc", "subject")
    package static let hierarchicalSubject = XMPProperty(
        XMPNamespace.lightroom, "lr", "hierarchicalSubject")
    package static let tagsList = XMPProperty(XMPNamespace.digiKam, "digiKam", "TagsList")

    /// A property of Vignette's own namespace.
    package static func own(_ local: String) -> XMPProperty {
        XMPProperty(SidecarRecord.namespace, "vignette", local)
    }
}

/// A property that holds keywords.
package struct KeywordField: Sendable {
    package var property: XMPProperty
    /// What stands between the terms of a path; `nil` for the narrowest terms alone.
    package var separator: Character?

    package static let subject = KeywordField(property: .subject, separator: nil)
    package static let hierarchicalSubject = KeywordField(
        property: .hierarchicalSubject, separator: "|")
    package static let tagsList = KeywordField(property: .tagsList, separator: "/")

    /// All that are looked for: those above, a misspelling of digiKam's, iView's and Windows'.
    package static let all: [KeywordField] =
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
