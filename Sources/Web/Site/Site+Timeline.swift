import Catalogue

/// The timeline, the months beside it, and what else the library can be entered by.
extension Site {
    /// So many pictures are a page of the timeline, or a part that scripts add to it.
    static let run = 120

    /// The timeline: from its beginning, a month or a place on, or up to a place.
    func timeline(_ request: WebRequest) throws -> WebResponse {
        let query = request.query
        let run: TimelineRun = try catalogue.read { reader in
            if let end = query["before"].flatMap({ TimelinePlace($0) }) {
                let found = try reader.timeline(before: end, limit: Self.run + 1)
                return TimelineRun(
                    pictures: Array(found.suffix(Self.run)), hasNewer: found.count > Self.run,
                    hasOlder: true, tints: try Tints(found.suffix(Self.run), reader))
            }
            let start = Self.start(query)
            let found = try reader.timeline(after: start, limit: Self.run + 1)
            let first = found.first?.place
            let newer =
                try start == nil ? [] : first.map { try reader.timeline(before: $0, limit: 1) }
            return TimelineRun(
                pictures: Array(found.prefix(Self.run)), hasNewer: newer?.isEmpty == false,
                hasOlder: found.count > Self.run,
                monthBefore: query["after"].flatMap { TimelinePlace($0) }.map {
                    ShownMoment.month($0.takenAt)
                }, tints: try Tints(found.prefix(Self.run), reader))
        }
        if query["part"] != nil { return .page(run.html) }
        return .page(layout(request, "Timeline", .timeline).page(TimelinePage(run: run).html))
    }

    /// The place that an address names; `nil` for the beginning.
    private static func start(_ query: [String: String]) -> TimelinePlace? {
        if let place = query["after"].flatMap({ TimelinePlace($0) }) { return place }
        guard let month = query["at"] else { return nil }
        return month == "undated" ? .startOfUndated : TimelinePlace(endOf: month)
    }

    /// Years and months with how much there is of each.
    func months(_ request: WebRequest) throws -> WebResponse {
        let rail = MonthRail(months: try counts.months())
        if request.query["part"] != nil { return .page(rail.html) }
        return .page(
            layout(request, "Months", .timeline).page(
                "<main id=\"content\" class=\"narrow\"><h1>Months</h1>\(rail.html)</main>"))
    }

}
