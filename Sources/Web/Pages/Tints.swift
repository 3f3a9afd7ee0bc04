import Catalogue
import Likeness

/// The colours that stand in the place of pictures until they are there: of each 4 × 3 colours of three hexadecimal
/// digits, row by row.
struct Tints {
    private var texts: [Int64: String] = [:]

    /// None.
    static let none = Tints()

    private init() {}

    /// Reads them, of a clip those of its first frame; what nobody has looked at by this version has none.
    ///
    /// - Throws: `CatalogueError`.
    init(_ pictures: some Sequence<AssetBrief>, _ reader: Catalogue) throws(CatalogueError) {
        for picture in pictures {
            let bytes = try reader.signature(
                of: picture.id, version: Int(PictureSignature.version))
            guard let signature = bytes.flatMap({ PictureSignature(bytes: $0) }) else { continue }
            texts[picture.id] = Self.text(PictureColours(signature))
        }
    }

    /// The colours of a picture.
    subscript(picture: AssetBrief) -> String? { texts[picture.id] }

    private static func text(_ colours: PictureColours) -> String {
        String(decoding: colours.values.map { digits[(Int($0) + 8) / 17] }, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
