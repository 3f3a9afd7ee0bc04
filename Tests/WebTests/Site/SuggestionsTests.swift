import Testing

@testable import Catalogue
@testable import Web

@Suite struct SuggestionsTests {
    private let summary = LibrarySummary(
        months: [MonthCount(month: "2019-07", assets: 3), MonthCount(month: "2018-01", assets: 1)],
        folders: [PlaceCount(name: "2019/north italy", assets: 3)],
        cameras: [PlaceCount(name: "NIKON Z 6", assets: 2)], places: [],
        tags: [
            TagCount(name: "hot dog", count: 4, fromSidecars: 0),
            TagCount(name: "dog", count: 2, fromSidecars: 0),
        ])

    @Test(
        arguments: [
            ("do", ["tag:\"hot dog\"", "tag:dog"]),
            ("beach do", ["beach tag:\"hot dog\"", "beach tag:dog"]),
            ("2019", ["in:2019", "folder:\"2019/north italy\""]), ("nik", ["camera:\"NIKON Z 6\""]),
            ("tag:d", ["tag:dog"]), ("ita", ["folder:\"2019/north italy\""]), ("x", []), ("", []),
            ("dog ", []),
            ("\"do", []),
        ] as [(String, [String])]) func theLastWordGoesOn(text: String, suggestions: [String])
    {
        #expect(Suggestions(for: text, in: summary).texts == suggestions)
    }
}
