import MediaDecoding
import XMPWriting

extension XMPPacket {
    /// When it was exposed, created, digitised: the most trusted first.
    var moments: [String?] {
        [
            XMPName(XMPNamespace.exif, "DateTimeOriginal"),
            XMPName(XMPNamespace.photoshop, "DateCreated"),
            XMPName(XMPNamespace.exif, "DateTimeDigitized"),
            XMPName(XMPNamespace.xmp, "CreateDate"),
        ].map { TakenAt.fromISO(text($0)) }
    }

    /// When the receiver had its position.
    var positioned: String? {
        TakenAt.fromISO(text(XMPName(XMPNamespace.exif, "GPSTimeStamp")))
    }

    /// When the picture was changed last.
    var modified: String? {
        TakenAt.fromISO(
            text(XMPName(XMPNamespace.tiff, "DateTime"))
                ?? text(XMPName(XMPNamespace.xmp, "ModifyDate")))
    }

    /// Maker and model.
    var camera: String? {
        CameraName.join(
            maker: text(XMPName(XMPNamespace.tiff, "Make")),
            model: text(XMPName(XMPNamespace.tiff, "Model")))
    }

    /// Where it was taken.
    var position: Position? {
        Position(
            latitude: text(XMPName(XMPNamespace.exif, "GPSLatitude"))
                .flatMap { Self.degrees($0, "N", "S") },
            longitude: text(XMPName(XMPNamespace.exif, "GPSLongitude"))
                .flatMap { Self.degrees($0, "E", "W") })
    }

    /// `48,42.5N`, `48,42,30N` (XMP part 2, GPSCoordinate), and signed degrees as some write them.
    static func degrees(_ text: String, _ positive: Character, _ negative: Character) -> Double? {
        let trimmed = text.uppercased().filter { !$0.isWhitespace }.prefix(40)
        guard let letter = trimmed.last else { return nil }
        guard letter == positive || letter == negative else { return Double(trimmed) }
        let parts = trimmed.dropLast().split(separator: ",", omittingEmptySubsequences: false)
            .map { Double($0) }
        guard (1...3).contains(parts.count) else { return nil }
        var sum = 0.0
        for (part, divisor) in zip(parts, [1, 60, 3600.0]) {
            guard let part, part >= 0 else { return nil }
            sum += part / divisor
        }
        return letter == negative ? -sum : sum
    }

    /// Title, caption, keywords, rating.
    var texts: EmbeddedTexts {
        let core = XMPNamespace.iptcCore
        let paths = keywordPaths
        // Some programs write these fields alone, in which a path of one term is a keyword like others.
        let keywords =
            texts(XMPName(XMPNamespace.dublinCore, "subject"))
            + paths.filter { $0.count == 1 }.flatMap { $0 }
        return EmbeddedTexts(
            title: text(XMPName(XMPNamespace.dublinCore, "title"))
                ?? text(XMPName(XMPNamespace.photoshop, "Headline")),
            caption: text(XMPName(XMPNamespace.dublinCore, "description"))
                ?? text(XMPName(XMPNamespace.tiff, "ImageDescription"))
                ?? text(XMPName(XMPNamespace.exif, "UserComment")),
            alternativeText: text(XMPName(core, "AltTextAccessibility")),
            extendedDescription: text(XMPName(core, "ExtDescrAccessibility")),
            keywords: keywords, keywordPaths: paths, rating: rating)
    }

    /// Hierarchical keywords: digiKam's and Windows' with slashes, Lightroom's and iView's with bars, ACDSee's as XML.
    private var keywordPaths: [[String]] {
        let lists: [(names: [XMPName], separator: Character)] = [
            (
                [XMPName(XMPNamespace.digiKam, "TagsList")]
                    + XMPNamespace.microsoft.map { XMPName($0, "LastKeywordXMP") }, "/"
            ),
            (
                [
                    XMPName(XMPNamespace.lightroom, "hierarchicalSubject"),
                    // digiKam wrote it so for years.
                    XMPName(XMPNamespace.lightroom, "HierarchicalSubject"),
                    XMPName(XMPNamespace.mediaPro, "CatalogSets"),
                ], "|"
            ),
        ]
        let categories = text(XMPName(XMPNamespace.acdSee, "categories")) ?? ""
        return lists.flatMap { list in
            list.names.flatMap(texts).map { $0.split(separator: list.separator).map(String.init) }
        } + ACDSeeCategories.paths(in: categories, limit: Self.maximumItems)
    }

    /// Stars; Windows writes per cent.
    private var rating: Int? {
        if let stars = text(XMPName(XMPNamespace.xmp, "Rating")).flatMap(Double.init) {
            return Int(exactly: stars.rounded())
        }
        let percent = XMPNamespace.microsoft.lazy
            .compactMap { self.text(XMPName($0, "Rating")).flatMap(Double.init) }.first
        return percent.flatMap { $0 > 0 ? Int(exactly: ($0 / 25).rounded() + 1) : nil }
    }

    /// The clip that the packet says is appended to the file.
    var motionPhoto: MotionPhoto? {
        func number(_ name: String) -> Int? {
            text(XMPName(XMPNamespace.camera, name)).flatMap { Int($0) }
        }
        let isMotion = number("MotionPhoto") == 1
        guard isMotion || number("MicroVideo") == 1 else { return nil }
        let moment =
            number("MotionPhotoPresentationTimestampUs")
            ?? number("MicroVideoPresentationTimestampUs")
        let offset =
            isMotion ? containerOffset ?? number("MicroVideoOffset") : number("MicroVideoOffset")
        return MotionPhoto(
            bytesFromEnd: offset.flatMap { $0 > 0 ? $0 : nil },
            // −1 stands for a moment that is not known.
            stillMicroseconds: moment.flatMap { $0 >= 0 ? $0 : nil })
    }

    /// How far before the end the clip begins: the lengths of its item and of those behind it.
    private var containerOffset: Int? {
        guard let outer = prefix(of: XMPNamespace.container),
            let inner = prefix(of: XMPNamespace.item)
        else { return nil }
        var sum: Int?
        for index in 1...16 {
            // The items are structures of one field; older writers leave the field out.
            func field(_ name: String) -> String? {
                let start = "Directory[\(index)]/"
                return text(XMPName(XMPNamespace.container, start + outer + "Item/" + inner + name))
                    ?? text(XMPName(XMPNamespace.container, start + inner + name))
            }
            guard let semantic = field("Semantic") else { break }
            guard sum != nil || semantic == "MotionPhoto" else { continue }
            guard let length = field("Length").flatMap({ Int($0) }), (0..<1 << 40).contains(length)
            else { return nil }
            sum = (sum ?? 0) + length
        }
        return sum
    }
}
