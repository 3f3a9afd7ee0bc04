import TestHub
import TestSupport
import Testing

@testable import ModelHub

@Suite struct RepositoryListingTests {
    private static let commit = String(repeating: "0", count: 40)

    private func listing(_ siblings: String) throws -> RepositoryListing {
        let json = "{\"sha\": \"\(Self.commit)\", \"siblings\": [\(siblings)], \"more\": {}}"
        return try RepositoryListing(Array(json.utf8), subject: "test")
    }

    @Test func sizesAndDigestsAreRead() throws {
        let sha256 = String(repeating: "a", count: 64)
        let sha1 = String(repeating: "b", count: 40)
        let files = try listing(
            """
            {"rfilename": "x.bin", "size": 7, "blobId": "\(sha1)",
             "lfs": {"sha256": "\(sha256)", "size": 7}},
            {"rfilename": "y/z.json", "size": 9, "blobId": "\(sha1)", "lfs": null},
            {"rfilename": "bare"}
            """
        ).files.values.sorted { $0.path < $1.path }
        #expect(files.map(\.path.description) == ["bare", "x.bin", "y/z.json"])
        #expect(files.map(\.size) == [nil, 7, 9])
        #expect(files.map(\.digest) == [nil, .sha256(sha256), .gitBlob(sha1)])
    }

    @Test(arguments: [
        #"{"rfilename": "../x"}"#, #"{"size": 1}"#, #"{"rfilename": 7}"#, "7",
        #"{"rfilename": "x", "size": -1}"#, #"{"rfilename": "x", "size": 9223372036854775807}"#,
        #"{"rfilename": "x", "size": 1.5}"#, #"{"rfilename": "x", "size": 1e99}"#,
        #"{"rfilename": "x"}, {"rfilename": "x"}"#, #"{"rfilename": "x", "rfilename": "y"}"#,
    ]) func lieIsRefused(siblings: String) {
        #expect(throws: HubError.self) { try listing(siblings) }
    }

    @Test func damagedListIsReadOrRefusedAndNeverLeadsOut() throws {
        let whole = Array(PullFixture.checkpointRepository.listing())
        _ = try RepositoryListing(whole, subject: "test")
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<1500 {
            let bytes = mutated(whole, using: &generator)
            guard let listing = try? RepositoryListing(bytes, subject: "test") else { continue }
            for file in listing.files.values {
                // A damaged byte may well make `LICENSE..txt`, which leads nowhere.
                #expect(!file.path.description.split(separator: "/").contains(".."))
                #expect(!file.path.description.hasPrefix("/"))
                #expect(file.size.map { $0 >= 0 } ?? true)
            }
        }
    }
}
