import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// What somebody sees first: the bundled model on the pictures that come along.
    @Suite struct SampleTests {
        private static let folder = BuildProducts.checkout.appending("Samples")

        @Test func samplesAreDescribedAsTheyWereDrawn() async throws {
            let truth = try JSONDecoder().decode(
                [String: String].self,
                from: Data(exactly: Self.folder.appending("captions.json")))
            #expect(truth.count == 14)
            let files = truth.keys.sorted().map { Self.folder.appending($0) }
            let sandbox = try Sandbox(["VIGNETTE_CAPTIONING_ANSWER_TOKENS": ""])
            let result = try await sandbox.run(
                plainly: ["caption", "--json"] + files.map { ProgramArgument($0) })
            #expect(result.status == 0, "\(result)")
            let described = try result.decoded(CaptionedFile.self)
            #expect(described.count == files.count)
            for one in described {
                let name = one.path.path.lastComponent?.string ?? ""
                #expect(one.caption == truth[name], "\(name)")
            }
        }

        @Test func samplesAreSmall() throws {
            let bytes = FileTree.walk(Self.folder).filter { $0.type == S_IFREG }
                .reduce(0) { $0 + ((try? Data(exactly: $1.path).count) ?? 0) }
            #expect(bytes < 4_000_000)
        }
    }
}
