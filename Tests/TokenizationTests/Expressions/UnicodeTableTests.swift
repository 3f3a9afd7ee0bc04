import SystemPackage
import Testing

@testable import Tokenization

@Suite struct UnicodeTableTests {
    /// The reference's engine is Oniguruma: letters, numbers and white space have to be the same.
    @Test(arguments: [#"\p{L}"#, #"\p{N}"#, #"\s"#])
    func knowsTheReferencesCharacterClasses(_ pattern: String) throws {
        let path = Fixtures.folder.appending("character-classes.json")
        let classes = try Fixtures.json(path, as: [String: [[UInt32]]].self)
        let expected = try #require(classes[pattern]).map { $0[0]...$0[1] }
        guard case .scalar(let set) = try SplitParser.parse(pattern) else {
            Issue.record("\(pattern) should be a set")
            return
        }
        let wanted = Set(ScalarSet(expected).ranges.joined())
        let differing = Set(set.ranges.joined()).symmetricDifference(wanted).sorted()
        #expect(differing.isEmpty, "\(differing.count) scalars, from \(differing.prefix(40))")
    }

    @Test func joinsTheCategoriesOfAGroup() throws {
        let names = ["Lu", "Ll", "Lt", "Lm", "Lo"]
        let letters = names.compactMap(UnicodeTable.category).reduce(ScalarSet([])) { $0.union($1) }
        #expect(UnicodeTable.category(named: "L") == letters)
    }

    @Test(arguments: ["", "C", "Cn", "Cs", "X", "l", "Letter", "LuLu"])
    func leavesOtherPropertiesAlone(_ name: String) {
        #expect(UnicodeTable.category(named: name) == nil)
    }
}
