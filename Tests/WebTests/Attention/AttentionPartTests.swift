import CLIP
import Explaining
import Testing

@testable import Captioning
@testable import Web

@Suite struct AttentionPartTests {
    /// Nine patches that are the picture, of which one head looks at one.
    private func part(_ patches: [Int: Float], head: Int? = nil, width: Double = 1) -> AttentionPart
    {
        let areas = (0..<9).map { (index: Int) -> PictureArea in
            let (column, row) = (Double(index % 3), Double(index / 3))
            return PictureArea(
                x: (1 - width) / 2 + column * width / 3, y: row / 3, width: width / 3,
                height: 1.0 / 3)
        }
        let one = (0..<9).map { (index: Int) -> Float in patches[index] ?? 0 }
        let other = (0..<9).map { (index: Int) -> Float in index == 4 ? 1 : 0 }
        let attention = PictureAttention(columns: 3, rows: 3, areas: areas, heads: [one, other])
        return AttentionPart(asset: 1, look: .init(attention: attention, model: "tiny"), head: head)
    }

    @Test func theWordsNameThePlacesOfTheMost() {
        #expect(
            part([0: 0.7, 8: 0.3], head: 1).words
                == "It looked most at the upper left (70\u{A0}%), then the lower right (30\u{A0}%)."
        )
        #expect(part([0: 1]).words.contains("upper left (50\u{A0}%), then the middle (50\u{A0}%)"))
        #expect(part([:], head: 1).words == "It looked at nothing within the picture.")
    }

    @Test func theMostIsTheBrightestAndNothingTheDarkest() {
        let map = part([2: 0.5, 5: 0.25], head: 1).map.text
        #expect(map.contains("fill=\"\(ColourMap.hexadecimal(1))\""))
        #expect(map.contains("fill=\"\(ColourMap.hexadecimal(0.5))\""))
        #expect(map.matches(of: /<rect/).count == 9)
    }

    @Test func whatIsBesideThePictureIsNotDrawn() {
        // A picture that was made a square by margins of its own width on both sides.
        let drawn = part([0: 0.5], head: 1, width: 3)
        #expect(drawn.map.text.matches(of: /<rect/).count == 3)
        #expect(drawn.words == "It looked at nothing within the picture.")
    }

    @Test(arguments: [[0: Float.nan], [0: -.infinity], [0: .infinity, 1: -1]] as [[Int: Float]])
    func whatIsNoNumberIsNothing(patches: [Int: Float]) {
        let html = part(patches, head: 1).html(hasMap: true).text
        #expect(!html.contains("nan") && !html.contains("inf"))
    }
}
