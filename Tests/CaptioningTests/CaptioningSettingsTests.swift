import Digests
import Testing

@testable import Captioning

@Suite struct CaptioningSettingsTests {
    @Test func equalSettingsHaveEqualDigests() {
        #expect(CaptioningSettings().digest == CaptioningSettings().digest)
        #expect(CaptioningSettings().digest.count == 32)
    }

    /// The digest stands in catalogues: another one would make all their descriptions look old.
    @Test func theDigestOfTheDefaultsIsThatOfTheFirstRelease() {
        let text = """
            {"answerTokens":60,"captionPrompt":"Describe this picture in one sentence.",\
            "highResolution":false,"stretchSeconds":10,"tagsPrompt":"List what can be seen in this \
            picture as single words, separated by commas."}
            """
        #expect(CaptioningSettings().digest == MessageDigest.hash(Array(text.utf8)))
    }

    @Test func everySettingCountsForTheDigest() {
        var variants = [CaptioningSettings()]
        for change in changes {
            var settings = CaptioningSettings()
            change(&settings)
            variants.append(settings)
        }
        #expect(Set(variants.map(\.digest)).count == variants.count)
    }

    private let changes: [@Sendable (inout CaptioningSettings) -> Void] = [
        { $0.captionPrompt += "!" }, { $0.tagsPrompt += "!" }, { $0.answerTokens += 1 },
        { $0.highResolution.toggle() }, { $0.spanSeconds += 1 },
        { $0.certainty += 0.5 }, { $0.cleaning = ["x"] }, { $0.context = [.date] },
    ]
}
