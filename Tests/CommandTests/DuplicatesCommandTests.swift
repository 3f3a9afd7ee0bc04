import Foundation
import Imaging
import MediaDecoding
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite struct DuplicatesCommandTests {
        private static let samples = BuildProducts.checkout.appending("Samples")

        private func copy(_ sample: String, to name: String, in sandbox: Sandbox) throws {
            try FileManager.default.copyItem(
                atPath: Self.samples.appending(sample).string,
                toPath: sandbox.pictures.appending(name).string)
        }

        /// A sample at two thirds of its size.
        private static func smaller(_ sample: String) throws -> Data {
            let decoder = Decoder(executable: try BuildProducts.program("vignette-decoder"))
            defer { decoder.close() }
            let image = try decoder.still(samples.appending(sample), minimumShortEdge: nil)
            let small = image.resized(width: image.width * 2 / 3, height: image.height * 2 / 3)
            return PictureFactory.bitmap(small.pixels, width: small.width, height: small.height)
        }

        /// With embeddings and without.
        @Test(arguments: ["photographs", "demo"])
        func copiesAreFoundInAnotherSizeAndCoding(model: String) async throws {
            let sandbox = try Sandbox(["VIGNETTE_MODEL": model])
            let fox = "fox-lake-cloudy.jpg"
            try copy(fox, to: "a.jpg", in: sandbox)
            try copy(fox, to: "b.jpg", in: sandbox)
            try copy("giraffe-playground-rain.jpg", to: "giraffe.jpg", in: sandbox)
            try sandbox.write(try Self.smaller(fox), to: "small.bmp")
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.status == 0, "\(scan)")
            let groups = try await sandbox.run("duplicates", "--json").decoded(Group.self)
            #expect(groups.map(\.kind) == ["copy", "same"], "\(groups)")
            #expect(groups.first?.names == ["a.jpg", "b.jpg"])
            #expect(groups.last?.names == ["a.jpg", "small.bmp"])
            let text = try await sandbox.run("duplicates", "--kind", "same").text
            #expect(
                text.hasPrefix("same\n  ") && text.contains("a.jpg (and 1 more file)"), "\(text)")
            #expect(try await sandbox.run("duplicates", "--kind", "burst").text.isEmpty)
        }
    }
}

private struct Group: Decodable {
    struct Member: Decodable {
        let path: String?
    }

    let kind: String
    let members: [Member]

    var names: [String] {
        members.map { FilePath($0.path ?? "").lastComponent?.string ?? "" }.sorted()
    }
}
