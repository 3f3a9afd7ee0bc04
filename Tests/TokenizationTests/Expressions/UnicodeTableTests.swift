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

    /// What the standard library says of each scalar that is not younger than the table.
    @Test func runsAreTheStandardLibrarys() {
        var runs: [UInt32] = []
        var current: UInt32?
        for number in UInt32(0)...ScalarSet.last + 1 {
            let place = Self.place(of: number)
            if place != current { runs.append(number << 5 | place) }
            current = place
        }
        let lines = runs.map { "0x" + String($0, radix: 16) }.joined(separator: ", ")
        if runs != UnicodeTable.runs { Attachment.record(lines, named: "runs.txt") }
        #expect(runs == UnicodeTable.runs)
    }

    private static let places = Dictionary(
        uniqueKeysWithValues: UnicodeTable.names.enumerated().map {
            ($0.element.category, UInt32($0.offset))
        })

    private static func place(of number: UInt32) -> UInt32 {
        guard let properties = Unicode.Scalar(number)?.properties,
            let place = places[properties.generalCategory],
            let age = properties.age, (age.major, age.minor) <= (16, 0)
        else { return UnicodeTable.noCategory }
        return place
    }
}
