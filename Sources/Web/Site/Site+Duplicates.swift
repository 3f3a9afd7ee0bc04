import Catalogue
import NIOHTTP1

/// Copies of pictures, and bursts.
extension Site {
    /// So many groups are a page, or a part that scripts add to it.
    private static let groupsAtOnce = 24
    /// The most pictures of a group that are shown.
    private static let membersAtMost = 48

    func duplicates(_ request: WebRequest) throws -> WebResponse {
        let (found, look) = duplicates.state
        let kind =
            request.query["kind"].flatMap { DuplicatePage.Kind(rawValue: $0) }
            ?? DuplicatePage.Kind.allCases.first { found?.groups[$0]?.isEmpty == false } ?? .same
        let all = found?.groups[kind] ?? []
        let start = min(max(request.query["from"].flatMap { Int($0) } ?? 0, 0), all.count)
        let end = min(start + Self.groupsAtOnce, all.count)
        let page = DuplicatePage(
            kind: kind, counts: found?.groups.mapValues(\.count) ?? [:], moment: found?.moment,
            look: look, groups: try catalogue.read { try groups(all[start..<end], kind, $0) },
            next: end < all.count ? end : nil)
        if request.query["part"] != nil { return .page(page.run) }
        return .page(layout(request, "Duplicates", .browse).page(page.html))
    }

    /// What groups show now: some of their pictures may be gone since.
    private func groups(
        _ groups: ArraySlice<[DuplicatesDesk.Member]>, _ kind: DuplicatePage.Kind,
        _ reader: Catalogue
    ) throws -> [[DuplicatePage.Member]] {
        try groups.map { group in
            try group.prefix(Self.membersAtMost).compactMap { member in
                try reader.picture(member.asset).map {
                    DuplicatePage.Member(picture: $0, score: member.score, seconds: member.seconds)
                }
            }
        }.filter { $0.count > 1 || (kind == .copy && ($0.first?.picture.files.count ?? 0) > 1) }
    }

    /// Begins to look for them.
    func lookForDuplicates() -> WebResponse {
        duplicates.look()
        return .text(.ok, "Looking.")
    }

    /// How far the look is, for as long as the browser listens.
    func duplicatesNews() -> WebResponse {
        let news = duplicates.rendered { [duplicates] in
            let (found, look) = duplicates.state
            return DuplicatePage.progress(found?.moment, look).text
        }
        return WebResponse(
            .ok, ["Content-Type": "text/event-stream", "Cache-Control": "no-store"],
            body: .events(news))
    }
}
