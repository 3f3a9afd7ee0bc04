@testable import Catalogue
import Testing
import WorkQueue

@Suite struct SearchCursorTests {
    let query = SearchQuery("boat", tags: ["sea"], kind: .still)
    let cursor = SearchCursor(order: .rank, assetID: 1_234_567, score: -3.25)

    @Test func isReadAsItWasWritten() throws {
        #expect(try SearchCursor(cursor.text(for: query), for: query) == cursor)
    }

    @Test func needsNoQuotesInAShell() {
        #expect(
            cursor.text(for: query).allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
            })
    }

    @Test func goesOnWithOtherPageSizes() throws {
        var other = query
        other.limit = 7
        other.offset = 3
        #expect(try SearchCursor(cursor.text(for: query), for: other) == cursor)
    }

    @Test func isRefusedByAnotherQuery() {
        for other in [
            SearchQuery("boats", tags: ["sea"], kind: .still),
            SearchQuery("boat", tags: [], kind: .still), SearchQuery("boat", tags: ["sea"]),
        ] {
            #expect(throws: CatalogueError.self) {
                try SearchCursor(cursor.text(for: query), for: other)
            }
        }
    }

    @Test func isRefusedWhenAnyLetterIsWrong() {
        let text = cursor.text(for: query)
        for index in text.indices {
            var broken = text
            broken.replaceSubrange(index...index, with: text[index] == "Q" ? "R" : "Q")
            #expect(throws: CatalogueError.self, "\(broken)") {
                try SearchCursor(broken, for: query)
            }
        }
    }

    @Test(arguments: ["", "x", "====", "ä", "AAAA", "../../etc", "\u{1F6F6}"])
    func isRefusedWhenItIsNone(_ text: String) {
        #expect(throws: CatalogueError.self) { try SearchCursor(text, for: query) }
    }
}
