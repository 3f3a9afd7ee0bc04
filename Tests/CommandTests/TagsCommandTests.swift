import Foundation
import TestSupport
import Testing

extension SystemTests {
    @Suite struct TagsCommandTests {
        @Test func tagsAreCountedMostFrequentFirst() async throws {
            let library = try await DescribedLibrary.get()
            let tags = try await library.run("tags", "--json").decoded(CountedTag.self)
            let pictures = try await library.run("search", "--json").decoded(FoundPicture.self)
            var counts: [String: Int] = [:]
            for tag in pictures.flatMap(\.tags) { counts[tag, default: 0] += 1 }
            #expect(!tags.isEmpty, "the model should have given tags: \(pictures)")
            #expect(Dictionary(uniqueKeysWithValues: tags.map { ($0.tag, $0.count) }) == counts)
            #expect(tags.map(\.count) == tags.map(\.count).sorted(by: >))
        }

        @Test func linesAreCountAndTag() async throws {
            let library = try await DescribedLibrary.get()
            let tags = try await library.run("tags", "--json").decoded(CountedTag.self)
            let result = try await library.run("tags")
            #expect(result.status == 0)
            #expect(result.lines == tags.map { "\($0.count)\t\($0.tag)" })
        }

        @Test func beginningAndLimitNarrowTheList() async throws {
            let library = try await DescribedLibrary.get()
            let tags = try await library.run("tags", "--json").decoded(CountedTag.self)
            let tag = try #require(tags.first)
            let some = try await library.run("tags", "--json", "--", ProgramArgument(tag.tag))
                .decoded(CountedTag.self)
            #expect(some.contains { $0.tag == tag.tag })
            #expect(try await library.run("tags", "--limit", "1").lines.count == 1)
            #expect(try await library.run("tags", "xyzzyplugh").lines.isEmpty)
        }
    }
}
