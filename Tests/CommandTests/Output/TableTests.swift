import Testing

@testable import vignette

@Suite struct TableTests {
    private var table: Table {
        var table = Table()
        table.add("a", "bcd", "e")
        table.add("fgh", "i", "jk")
        return table
    }

    @Test func alignsColumnsForPeople() {
        #expect(table.text(aligned: true) == "a    bcd  e\nfgh  i    jk\n")
    }

    @Test func partsCellsByTabsForPrograms() {
        #expect(table.text(aligned: false) == "a\tbcd\te\nfgh\ti\tjk\n")
    }

    @Test func isNothingWithoutRows() {
        #expect(Table().text(aligned: true).isEmpty)
    }
}
