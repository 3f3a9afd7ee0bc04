import MediaDecoding
import XMPWriting

/// Reads what an XMP sidecar says.
enum SidecarReader {
    /// Parses the whole file, which programs write anew with each change.
    ///
    /// - Throws: `CodecError.rejected` for what is no XMP, or too much of it.
    static func read(_ file: InputFile) throws(CodecError) -> SidecarFacts {
        let bytes = try file.wholeFile(limit: MetadataBlocks.maximumBlock)
        // Exempi takes any XML for a packet that says nothing.
        guard mentionsRDF(bytes), let packet = XMPPacket(parsing: bytes) else {
            throw .rejected("is no XMP that can be read")
        }
        return packet.sidecar
    }

    /// Whether the element that holds everything in XMP is named, in UTF-8, or in UTF-16 or UTF-32
    /// where zeros stand between the letters.
    private static func mentionsRDF(_ bytes: [UInt8]) -> Bool {
        let name = Array("RDF".utf8)
        var matched = 0
        for byte in bytes where byte != 0 {
            matched = byte == name[matched] ? matched + 1 : byte == name[0] ? 1 : 0
            if matched == name.count { return true }
        }
        return false
    }
}

extension XMPPacket {
    /// Everything that it says as a sidecar.
    fileprivate var sidecar: SidecarFacts {
        let moments = moments
        let position = position
        let suffix = text(XMPName(XMPNamespace.photoshop, "SidecarForExtension"))?.lowercased()
        return SidecarFacts(
            texts: EmbeddedTexts(merging: [texts]),
            takenAt: TakenAt.first(of: Array(moments.prefix(2))),
            createdAt: TakenAt.first(of: moments), latitude: position?.latitude,
            longitude: position?.longitude,
            fileExtension: suffix.map { String($0.drop { $0 == "." }) }.flatMap {
                $0.isEmpty || $0.count > SidecarFacts.maximumExtension ? nil : $0
            }, record: record)
    }
}

extension XMPPacket {
    /// What Vignette itself wrote.
    var record: SidecarRecord? {
        record(in: SidecarRecord.namespace) ?? record(in: SidecarRecord.formerNamespace)
    }

    private func record(in namespace: String) -> SidecarRecord? {
        func own(_ name: String) -> XMPName { XMPName(namespace, name) }
        let record = SidecarRecord(
            writer: text(own("Writer")), library: text(own("Library")),
            edition: text(own("Edition")),
            model: text(own("Model")), caption: text(own("Caption")),
            captionAuthor: text(own("CaptionAuthor")).flatMap(SidecarRecord.Author.init),
            title: text(own("Title")), alternativeText: text(own("AlternativeText")),
            modelTags: texts(own("ModelTags")), humanTags: texts(own("HumanTags")))
        return record.writer == nil && record.isEmpty ? nil : record
    }
}
