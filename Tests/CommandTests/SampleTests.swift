import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// What somebody sees first: the bundled model for drawings on the drawings that come along.
    @Suite struct SampleTests {
        private static let folder = BuildProducts.checkout.appending("Samples")

        private struct ScannedFile: Decodable {
            var path: ReportedPath
            var caption: String
        }

        private static func captions() throws -> [String: String] {
            try JSONDecoder().decode(
                [String: String].self, from: Data(exactly: folder.appending("captions.json")))
        }

        @Test func samplesAreDescribedAsTheyWereDrawn() async throws {
            let truth = try Self.captions()
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

        @Test func aScanStoresWhatIsSaidOfThem() async throws {
            let sandbox = try Sandbox(["VIGNETTE_CAPTIONING_ANSWER_TOKENS": ""])
            let scan = try await sandbox.run("scan", "--json", ProgramArgument(Self.folder))
            #expect(scan.status == 0, "\(scan)")
            let described = try scan.decoded(ScannedFile.self)
            #expect(described.count == 14)
            for one in described {
                let name = one.path.path.lastComponent?.string ?? ""
                #expect(one.caption == (try Self.captions())[name], "\(name)")
            }
            let found = try await sandbox.run("search", "truck", "lake")
            #expect(found.text.contains("truck-lake.mp4"), "\(found)")
        }

        /// What stands behind the choice of another model for the samples.
        @Test func theModelForPhotographsLooksForNothingInDrawings() async throws {
            let pictures = FileTree.walk(Self.folder).map(\.path).filter { $0.extension == "jpg" }
            let result = try await Sandbox(["VIGNETTE_MODEL": ""]).run(
                plainly: ["caption", "--json"] + pictures.map { ProgramArgument($0) })
            #expect(result.status == 0, "\(result)")
            let described = try result.decoded(CaptionedFile.self)
            #expect(described.count == 12)
            #expect(described.allSatisfy { $0.model.hasPrefix("photographs@") })
            let kinds: Set = ["drawing", "document", "screenshot", "chart", "map", "pattern"]
            let other = described.filter { kinds.isDisjoint(with: $0.tags) }
            #expect(other.map { "\($0.path.path): \($0.caption)" } == [])
        }

        @Test func samplesAreSmall() throws {
            let bytes = FileTree.walk(Self.folder).filter { $0.type == S_IFREG }
                .reduce(0) { $0 + ((try? Data(exactly: $1.path).count) ?? 0) }
            #expect(bytes < 4_000_000)
        }
    }
}
