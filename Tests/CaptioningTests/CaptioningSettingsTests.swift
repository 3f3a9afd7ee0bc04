import Testing

@testable import Captioning

@Suite struct CaptioningSettingsTests {
    @Test func equalSettingsHaveEqualDigests() {
        #expect(CaptioningSettings().digest == CaptioningSettings().digest)
        #expect(CaptioningSettings().digest.count == 32)
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
        { $0.highResolution.toggle() }, { $0.stretchSeconds += 1 },
    ]
}
