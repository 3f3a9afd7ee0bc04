import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Files of one press of the shutter, as the built programs describe, find and show them.
    @Suite struct PairedFilesTests {
        private static let media = BuildProducts.checkout.appending("Tests/Fixtures/media")

        private static func fixture(_ name: String) throws -> Data {
            try Data(contentsOf: URL(filePath: media.appending(name).string))
        }

        /// A still whose camera says the moment.
        private static func still(takenAt moment: String) throws -> Data {
            let packet = XMPText.packet(
                XMPText.keywords("pier"), attributes: "exif:DateTimeOriginal='\(moment)'")
            return try XMPText.jpeg(fixture("420.jpg"), packet)
        }

        private func found(_ sandbox: Sandbox, _ words: ProgramArgument...) async throws
            -> [FoundPicture]
        {
            try await sandbox.run(
                plainly: sandbox.onCatalogue(["search", "--json"] + words)
            ).decoded(FoundPicture.self)
        }

        /// When the clip of the tests was taken.
        private static let moment = "2024-07-26T18:03:11"

        @Test func aStillAndItsClipAreDescribedOnceAndFoundOnce() async throws {
            let sandbox = try Sandbox()
            let clip = try sandbox.write(Self.fixture("telephone.mov"), to: "a.mov")
            let still = try sandbox.write(Self.still(takenAt: Self.moment), to: "a.jpg")
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.lines.count == 1, "the model looks once: \(scan)")
            let report = try await sandbox.status()
            #expect(report.models.map(\.described) == [1])
            #expect(report.isAtRest && report.files == 2)
            let hits = try await found(sandbox)
            #expect(hits.map(\.path.path) == [still])
            #expect(hits.first?.paths.map(\.path) == [still, clip])
            #expect(try await found(sandbox, "mov").map(\.path.path) == [clip], "by its own name")
            let shown = try #require(try await sandbox.show(clip))
            #expect(shown.partners.map(\.path) == [still])
            #expect(shown.state == "described" && shown.tags.contains("pier"))
            #expect(try await sandbox.show(still)?.partners.map(\.path) == [clip])
            let text = try await sandbox.run("show", ProgramArgument(still)).text
            #expect(text.contains("with      \(clip)"), "\(text)")
        }

        @Test func strangersOfOneNameStayApart() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(Self.fixture("telephone.mov"), to: "a.mov")
            try sandbox.write(Self.still(takenAt: "1999-08-01T10:00:00"), to: "a.jpg")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(try await found(sandbox).count == 2)
        }

        @Test func theDaemonDescribesTheOtherHalfWhenOneGoes() async throws {
            let sandbox = try Sandbox()
            let clip = try sandbox.write(Self.fixture("telephone.mov"), to: "a.mov")
            let still = try sandbox.write(Self.still(takenAt: Self.moment), to: "a.jpg")
            let watch = try sandbox.watch()
            try await eventually("the still is described") {
                try await sandbox.show(still)?.state == "described"
            }
            try await eventually("the pair is one picture") {
                let isAtRest = try await sandbox.status().isAtRest
                let hits = try await found(sandbox)
                return isAtRest && hits.map(\.path.path) == [still]
            }
            try FileManager.default.removeItem(atPath: still.string)
            // After the grace.
            try await eventually("the clip is described on its own") {
                let isDescribed = try await sandbox.show(clip)?.descriptions.isEmpty == false
                let hits = try await found(sandbox)
                return isDescribed && hits.map(\.path.path) == [clip]
            }
            #expect(try await sandbox.show(clip)?.partners.isEmpty == true)
            #expect(try await watch.stop().status == 0)
        }
    }
}
