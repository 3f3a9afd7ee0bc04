import Foundation
import SystemPackage
import Testing

@testable import Tokenization

/// The same results as Hugging Face's `tokenizers`, text by text.
@Suite struct ReferenceTests {
    struct Recording: Decodable {
        struct Case: Decodable {
            let text: String
            let ids: [Int]
            let decoded: String
            let half: String
        }
        let cases: [Case]
    }

    /// A tokenizer's folder and where a recording made with it stands.
    ///
    /// The environment may name the folder of a larger one, which has its tokenizer beside it
    /// (Tests/fuzz_tokenizer.py).
    static let recordings: [(tokenizer: FilePath, recording: FilePath)] =
        [
            (Fixtures.oracle, Fixtures.folder),
            (Fixtures.folder.appending("added-tokens"), Fixtures.folder.appending("added-tokens")),
            (
                Fixtures.folder.appending("clip-oracle/tiny-clip"),
                Fixtures.folder.appending("clip-texts")
            ),
        ]
        + (ProcessInfo.processInfo.environment["VIGNETTE_TOKENIZATION"]
            .map { [(FilePath($0), FilePath($0))] } ?? [])

    @Test(arguments: recordings) func agreesWithTokenizers(
        _ paths: (tokenizer: FilePath, recording: FilePath)
    ) throws {
        let folder = try TokenizerFolder()
        try folder.write(
            contents(of: paths.tokenizer.appending("tokenizer.json")), "tokenizer.json")
        try folder.write(#"{"clean_up_tokenization_spaces":false}"#, "tokenizer_config.json")
        let tokenizer = try Tokenizer(folder: folder.path)
        let path = paths.recording.appending("tokenization.json")
        let recording = try Fixtures.json(path, as: Recording.self)
        #expect(recording.cases.count > 300)
        for recorded in recording.cases {
            let ids = try tokenizer.encode(recorded.text, addingBeginOfText: false)
            #expect(ids == recorded.ids, "\(recorded.text.debugDescription.prefix(200))")
            let decoded = tokenizer.decode(recorded.ids, skippingSpecialTokens: true)
            #expect(scalars(decoded) == scalars(recorded.decoded))
            let half = Array(recorded.ids.dropFirst(recorded.ids.count / 2))
            let decodedHalf = tokenizer.decode(half, skippingSpecialTokens: true)
            #expect(scalars(decodedHalf) == scalars(recorded.half))
        }
    }
}
