import MediaDecoding

/// The maker note of Apple's telephones: a name, then a directory of its own in big-endian order.
enum AppleMakerNote {
    private static let name = Array("Apple iOS\0".utf8)

    /// Tag 0x0011: the text that the clip of a Live Photo holds too.
    static func contentIdentifier(in note: [UInt8]) throws(CodecError) -> String? {
        guard note.starts(with: name), note.count > 14 else { return nil }
        // Behind the name come a version and the order's letters; places count from the name.
        let order = note[12..<14] == [0x49, 0x49] ? ByteOrder.little : .big
        let structure = TIFFStructure(note, at: 0, order)
        let directory = try structure.directory(at: 14)
        return try structure.text(directory[0x0011]).flatMap(ContentIdentifier.checked)
    }
}

/// The text that joins still and clip of a Live Photo.
enum ContentIdentifier {
    /// Without spaces around it; `nil` if it is empty, too long or not plain ASCII.
    static func checked(_ text: String) -> String? {
        let trimmed = text.filter { !$0.isWhitespace }
        let isPlain = trimmed.utf8.allSatisfy { (0x21...0x7e).contains($0) }
        guard !trimmed.isEmpty, trimmed.count <= MediaMetadata.maximumIdentifier, isPlain else {
            return nil
        }
        return trimmed
    }
}
