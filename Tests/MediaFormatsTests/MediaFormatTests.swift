import Testing

@testable import MediaFormats

@Suite struct MediaFormatTests {
    @Test func namesAndExtensionsBelongToOneFormatEach() {
        let names = MediaFormat.all.map(\.name)
        #expect(Set(names).count == names.count)
        let extensions = MediaFormat.all.flatMap(\.extensions)
        #expect(Set(extensions).count == extensions.count)
    }

    @Test func extensionsAreWrittenAsTheyAreLookedUp() {
        for suffix in MediaFormat.all.flatMap(\.extensions) {
            #expect(suffix == suffix.lowercased() && !suffix.hasPrefix("."))
        }
    }

    @Test func noExtensionIsThatOfAPictureAndOfAClip() {
        #expect(MediaFormat.stillExtensions.isDisjoint(with: MediaFormat.clipExtensions))
        #expect(MediaFormat.stillExtensions.contains("jpg"))
        #expect(MediaFormat.clipExtensions.contains("mov"))
    }

    @Test func isFoundByItsName() {
        for format in MediaFormat.all { #expect(MediaFormat.named(format.name) == format) }
        #expect(MediaFormat.named("JPEG") == nil)
    }
}
