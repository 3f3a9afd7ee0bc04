@testable import Catalogue
import Testing

@Suite struct SearchExpressionTests {
    @Test(arguments: [
        ("boat", #""boat"*"#), ("red boat", #""red"* AND "boat"*"#),
        (#""red boat" sea"#, #""red boat" AND "sea"*"#),
        ("boat OR car", #""boat"* AND "OR"* AND "car"*"#),
        ("NEAR(a b)", #""NEAR(a"* AND "b)"*"#), ("name:x*", #""name:x*"*"#),
        (#"o"brien"#, #""o""brien"*"#), (#""never ends"#, #""never ends""#),
        ("a\0b", #""ab"*"#), ("  tab\tnew\nline ", #""tab"* AND "new"* AND "line"*"#),
        ("- boat", #""boat"*"#), ("!! boat ??", #""boat"*"#),
        ("a drawing of B boat", #""drawing"* AND "of"* AND "boat"*"#), ("a", #""a"*"#),
        ("x y", #""x"* AND "y"*"#), (#""a" boat"#, #""a" AND "boat"*"#),
        ("route 7 ä", #""route"* AND "7"* AND "ä"*"#),
    ])
    func takesEveryWordForAWord(_ text: String, _ wanted: String) {
        let expression = SearchExpression(text)
        #expect(expression.wanted == wanted)
        #expect(expression.unwanted == nil)
    }

    @Test func collectsWhatIsNotWanted() {
        let expression = SearchExpression(#"boat -sea -"red car" --x"#)
        #expect(expression.wanted == #""boat"*"#)
        #expect(expression.unwanted == #""sea"* OR "red car" OR "-x"*"#)
    }

    @Test(arguments: ["", " ", "\0", "\n\t"])
    func asksForNothingIfNothingIsTyped(_ text: String) {
        let expression = SearchExpression(text)
        #expect(expression.wanted == nil)
        #expect(expression.unwanted == nil)
        #expect(!expression.isHopeless)
    }

    @Test(arguments: ["!!!", "\"", "\"\"", "-", "*", "\u{301}", "👩‍👩‍👧"])
    func isHopelessWithoutALetterOrDigit(_ text: String) {
        #expect(SearchExpression(text).isHopeless)
    }

    @Test func boundsTheNumberOfTerms() {
        let text = String(repeating: "word ", count: 10_000)
        let terms = SearchExpression(text).wanted?.split(separator: " AND ")
        #expect(terms?.count == SearchExpression.maximumTerms)
    }
}
