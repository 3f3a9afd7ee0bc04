import Catalogue

/// Pictures in justified rows: each is as wide as its proportions want it, and the style sheet fills the rows.
struct PictureGrid {
    var pictures: [AssetBrief]
    /// The search that found them.
    var query: String?
    /// Whether each is to say its place in the timeline.
    var hasPlaces = false

    var html: HTML {
        """
        <ul class="grid">\(pictures.map(item))<li class="rest" aria-hidden="true"></li></ul>
        """
    }

    private func item(_ picture: AssetBrief) -> HTML {
        let place: HTML =
            hasPlaces ? " data-place=\"\(picture.place.text)\"" : .empty
        return """
            <li class="r\(ratio(picture))"\(place)><a href="\(PageAddress.picture(picture.id, foundBy: query))">\
            <img src="\(PageAddress.thumbnail(picture.identity, .small))" width="\(picture.width)" \
            height="\(picture.height)" alt="\(Self.words(for: picture))" loading="lazy" decoding="async">\
            \(length(picture))</a></li>
            """
    }

    private func length(_ picture: AssetBrief) -> HTML {
        guard picture.kind == .video else { return .empty }
        return "<span class=\"length\">\(picture.duration.map(ShownMoment.clock) ?? "clip")</span>"
    }

    /// Width by height in tenths, within what a row can show.
    private func ratio(_ picture: AssetBrief) -> Int {
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
