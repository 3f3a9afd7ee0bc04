import Imaging
import LLaVAMini
import MediaDecoding
import SystemPackage
import TestSupport
import Testing

@testable import Captioning

/// Questions about pictures, albums and clips.
@Suite struct AskingTests {
    private let captioner: Captioner

    init() throws {
        captioner = try Captioner(
            folder: BuildProducts.checkout.appending("Models/demo"),
            settings: CaptioningSettings())
    }

    private static func picture(_ seed: Int) -> RGBImage {
        RGBImage(
            width: 112, height: 112,
            pixels: (0..<112 * 112 * 3).map { UInt8(truncatingIfNeeded: $0 * seed / 5) })
    }

    @Test func aQuestionAboutOnePictureIsAnsweredAsADescriptionIs() throws {
        let settings = CaptioningSettings()
        let described = try captioner.describe(Self.picture(3))
        var asking = try captioner.beginAsking([settings.captionPrompt, "Is there a dog?"])
        try asking.add(Self.picture(3))
        let answers = try asking.answers()
        #expect(answers.map(\.question) == [settings.captionPrompt, "Is there a dog?"])
        #expect(answers[0].text == described.captions[0].text)
        #expect(answers.flatMap { $0.restsOn }.isEmpty)
    }

    @Test func anAlbumsAnswerRestsOnEachPictureInPart() throws {
        var asking = try captioner.beginAsking(["What is there?"])
        for seed in 1...4 { try asking.add(Self.picture(seed)) }
        let shares = try asking.answers()[0].restsOn
        #expect(Set(shares.map(\.picture)) == [0, 1, 2, 3])
        #expect(abs(shares.reduce(0) { $0 + $1.share } - 1) < 1e-6)
        #expect(shares.map(\.share) == shares.map(\.share).sorted(by: >))
    }

    @Test func ofALongClipFramesAreLookedAtThatAreSpreadOverIt() throws {
        var asking = try captioner.beginAsking(["What happens?"], clipOf: 200)
        for second in 0..<200 {
            try asking.add(VideoFrame(second: Double(second), image: Self.picture(second % 3 + 1)))
        }
        #expect(asking.pictureCount == 200)
        let seconds = try asking.answers()[0].restsOn.compactMap(\.second)
        #expect(seconds.count <= Asking.mostPictures && seconds.count > Asking.mostPictures / 3)
        #expect((seconds.max() ?? 0) > 190)
    }

    @Test func saysWhatIsWrittenSoFar() throws {
        var asking = try captioner.beginAsking([CaptioningSettings().captionPrompt])
        try asking.add(Self.picture(3))
        nonisolated(unsafe) var texts: [String] = []
        let answer = try asking.answers(onText: { texts.append($0[0]) })[0].text
        #expect(texts.count > 2)
        let grows = zip(texts, texts.dropFirst()).allSatisfy { $1.hasPrefix($0) }
        #expect(grows)
        #expect(answer.hasPrefix(AnswerText.caption(texts.last ?? "nothing")))
    }
}
