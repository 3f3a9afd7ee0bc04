import LLaVAMini
import Testing

@testable import Captioning

@Suite struct PieceProbabilitiesTests {
    private func pieces(_ parts: (String, Float)...) -> [AnswerPiece] {
        parts.map { AnswerPiece(bytes: Array($0.0.utf8), probability: $0.1) }
    }

    private func tags(
        _ answer: String, _ pieces: [AnswerPiece], certainty: Double = 0
    ) -> [String: Double?] {
        let tags = AnswerText.tags(answer, pieces: pieces, certainty: certainty)
        return Dictionary(uniqueKeysWithValues: tags.map { ($0.text, $0.probability) })
    }

    @Test func aTagIsAsLikelyAsItsTokensAreTogether() {
        let found = tags(
            "sea gull, boat.",
            pieces(
                ("sea", 0.5), (" g", 0.5), ("ull", 1), (",", 0.1),
                (" boat", 0.75), (".", 0.1)))
        #expect(found == ["sea gull": 0.25, "boat": 0.75])
    }

    @Test func whatSurroundsAWordDoesNotCount() {
        let found = tags(
            "1. \"Boat\"\n- sea",
            pieces(
                ("1", 0.5), (".", 0.1), (" \"", 0.1), ("Boat", 0.5), ("\"\n", 0.1), ("-", 0.1),
                (" sea", 0.5)))
        #expect(found == ["boat": 0.25, "sea": 0.5], "a number is said like a word")
    }

    @Test func aTokenOfTwoTagsCountsForBoth() {
        #expect(tags("a,b", pieces(("a,b", 0.5))) == ["a": 0.5, "b": 0.5])
    }

    @Test func aCharacterOfSeveralTokensIsTheirProduct() {
        let bytes = Array("海".utf8)
        let pieces = bytes.map { AnswerPiece(bytes: [$0], probability: 0.5) }
        #expect(tags("海", pieces) == ["海": 0.125])
    }

    @Test func theFirstOfEqualTagsCounts() {
        #expect(tags("sea,sea", pieces(("sea", 0.25), (",", 1), ("sea", 0.5))) == ["sea": 0.25])
    }

    @Test func dropsWhatIsNotCertainEnoughAndNothingElse() {
        let said = pieces(("sea", 0.5), (",", 1), (" boat", 0.25))
        #expect(tags("sea, boat", said, certainty: 0.5) == ["sea": 0.5])
        #expect(tags("sea, boat", said, certainty: 0.51).isEmpty)
        #expect(tags("sea, boat", said, certainty: 0).count == 2)
    }

    @Test func withoutItsTokensATagHasNoProbabilityAndIsKept() {
        let other = pieces(("ship", 0.5))
        #expect(tags("sea", other, certainty: 0.9) == ["sea": Double?.none])
        #expect(
            tags("\u{FFFD}", [AnswerPiece(bytes: [0xE6], probability: 1)], certainty: 0.9)
                == ["\u{FFFD}": Double?.none])
    }
}
