/// Makes files of recent telephones readable by libheif before 1.19, in memory.
///
/// With a gain map, iOS 18 writes an auxiliary picture that belongs to two others, and EXIF that
/// belongs to the tone-mapped picture (`tmap`), a kind of item that these versions do not know. They
/// refuse the whole file for either. The main picture needs neither: the first reference is taken away,
/// the second led to the main picture. Nothing changes its place. (ISO 14496-12, 8.11.)
struct HEIFReferences {
    private var bytes: [UInt8]

    /// The file with such references mended; everything else stays as it is.
    static func mend(_ file: [UInt8]) -> [UInt8] {
        var mending = Self(bytes: file)
        try? mending.mend()
        return mending.bytes
    }

    private mutating func mend() throws(CodecError) {
        guard
            let meta = try ISOBox.all(in: bytes, 0..<bytes.count).first(where: { $0.type == "meta" }
            )?.content
        else { return }
        let inner = try ISOBox.all(
            in: bytes, min(meta.lowerBound + 4, meta.upperBound)..<meta.upperBound)
        guard let references = inner.first(where: { $0.type == "iref" })?.content,
            let version = try bytes.integer(at: references.lowerBound, size: 1)
        else { return }
        let size = version == 0 ? 2 : 4
        let toneMapped = try itemsOfToneMapping(inner)
        let main = try mainItem(inner)
        for box in try ISOBox.all(in: bytes, references.lowerBound + 4..<references.upperBound) {
            let start = box.content.lowerBound
            guard let count = try bytes.integer(at: start + size, size: 2) else { continue }
            if box.type == "auxl", count > 1 {
                bytes.replaceSubrange(start - 4..<start, with: Array("skip".utf8))
            }
            guard box.type == "cdsc", let main else { continue }
            for index in 0..<count {
                let place = start + size + 2 + index * size
                guard let item = try bytes.integer(at: place, size: size),
                    toneMapped.contains(item)
                else { continue }
                for byte in 0..<size {
                    bytes[place + byte] = UInt8(truncatingIfNeeded: main >> (8 * (size - 1 - byte)))
                }
            }
        }
    }

    private func mainItem(_ boxes: [ISOBox]) throws(CodecError) -> Int? {
        guard let content = boxes.first(where: { $0.type == "pitm" })?.content,
            let version = try bytes.integer(at: content.lowerBound, size: 1)
        else { return nil }
        return try bytes.integer(at: content.lowerBound + 4, size: version == 0 ? 2 : 4)
    }

    private func itemsOfToneMapping(_ boxes: [ISOBox]) throws(CodecError) -> Set<Int> {
        guard let content = boxes.first(where: { $0.type == "iinf" })?.content,
            let version = try bytes.integer(at: content.lowerBound, size: 1)
        else { return [] }
        var items: Set<Int> = []
        let start = content.lowerBound + (version == 0 ? 6 : 8)
        for entry in try ISOBox.all(in: bytes, min(start, content.upperBound)..<content.upperBound)
        {
            let start = entry.content.lowerBound
            guard let version = try bytes.integer(at: start, size: 1), version >= 2 else {
                continue
            }
            let size = version == 2 ? 2 : 4
            guard let item = try bytes.integer(at: start + 4, size: size),
                try bytes.bytes(at: start + 6 + size, count: 4) == Array("tmap".utf8)
            else { continue }
            items.insert(item)
        }
        return items
    }
}
