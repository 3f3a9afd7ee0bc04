import Catalogue
import Daemon

/// Pictures in justified rows: each is as wide as its proportions want it, and the style sheet fills the rows.
struct PictureGrid {
    var pictures: [AssetBrief]
    /// The search that found them.
    var query: String?
    /// Whether each is to say its place in the timeline.
    var hasPlaces = false
    /// What stands in their places until they come.
    var tints = Tints.none

    var html: HTML {
        """
        <ul class="grid">\(pictures.map { Self.item($0, query: query, hasPlace: hasPlaces, tint: tints[$0]) })<li class="rest" aria-hidden="true"></li></ul>
        """
    }

    /// One picture of a list.
    ///
    /// - Parameters:
    ///   - picture: Which one.
    ///   - address: Where it leads; to the picture's page unless said.
    ///   - query: The search that found it.
    ///   - hasPlace: Whether it says its place in the timeline.
    ///   - tint: The colours in its place until it comes.
    ///   - caption: What is said below it.
    /// - Returns: An item of a list.
    static func item(
        _ picture: AssetBrief, at address: String? = nil, query: String? = nil,
        hasPlace: Bool = false, tint: String? = nil, caption: HTML? = nil
    ) -> HTML {
        let place: HTML = hasPlace ? " data-place=\"\(picture.place.text)\"" : .empty
        let target = address ?? PageAddress.picture(picture.id, foundBy: query)
        return """
            <li class="r\(ratio(picture))"\(place)\(tint.html { " data-tint=\"\($0)\"" })><a href="\(target)">\
            <img src="\(PageAddress.thumbnail(picture.identity, .small))" width="\(picture.width)" \
            height="\(picture.height)" alt="\(words(for: picture))" loading="lazy" decoding="async">\
            \(length(picture))</a>\(caption.html { "<p>\($0)</p>" })</li>
            """
    }

    private static func length(_ picture: AssetBrief) -> HTML {
        guard picture.kind == .video else { return .empty }
        return "<span class=\"length\">\(picture.duration.map(ShownMoment.clock) ?? "clip")</span>"
    }

    /// Width by height in tenths, within what a row can show.
    private static func ratio(_ picture: AssetBrief) -> Int {
        guard picture.width > 0, picture.height > 0 else { return 10 }
        let tenths = (picture.width * 10 + picture.height / 2) / picture.height
        return min(max(tenths, 5), 30)
    }

    /// What a screen reader says in a picture's place: its caption, or when it was taken.
    static func words(for picture: AssetBrief) -> String {
        let noun = picture.kind == .video ? "Clip" : "Picture"
        return picture.caption ?? picture.takenAt.map { "\(noun) of \(ShownMoment.full($0))" }
            ?? "\(noun) \(picture.id)"
    }
}
