import Catalogue
import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import Web

/// People's words over the wire.
@Suite struct EditingTests {
    private let library: PageLibrary
    private let page: ServedPage

    init() throws {
        library = try PageLibrary()
        try library.addPicture(1)
        page = try ServedPage(library)
    }

    private func post(_ address: String, _ body: String, _ headers: [String] = []) throws
        -> RawResponse
    {
        let cookie = try page.cookie()
        return try page.ask(
            "POST \(address) HTTP/1.1",
            [
                "Host: \(page.host)", "Cookie: \(cookie)", "Content-Type: application/json",
                "X-Vignette-Script: \(page.scriptToken(cookie))",
            ] + headers, body: body)
    }

    private var caption: String? { get throws { try library.catalogue.picture(1)?.asset.caption } }
    private var tags: [String] { get throws { try library.catalogue.picture(1)?.asset.tags ?? [] } }
    private var seen: Int64 { get throws { try library.catalogue.edits(of: 1).last?.number ?? 0 } }

    @Test func captionAndTagsAreKeptAndComeBackAsTheyAre() throws {
        let response = try post(
            "/pictures/1/words",
            #"{"seen": 0, "caption": "a <b>ferry</b>", "given": ["Lake"], "taken": ["boat"]}"#)
        #expect(response.status == 200)
        #expect(response.text.contains("<h1>a &lt;b&gt;ferry&lt;/b&gt;</h1>"))
        #expect(response.text.contains("Written by hand"))
        #expect(try caption == "a <b>ferry</b>")
        #expect(try tags == ["Lake"])
        #expect(try library.catalogue.edits(of: 1).map(\.author.origin) == [.page])
    }

    @Test func anEmptyCaptionIsNoneAndNothingLeavesItToTheModel() throws {
        #expect(try post("/pictures/1/words", #"{"seen": 0, "caption": ""}"#).status == 200)
        #expect(try caption == nil)
        #expect(try page.get("/pictures/1").text.contains("Without a caption"))
        #expect(
            try post("/pictures/1/words", #"{"seen": \#(seen), "caption": null}"#).status == 200)
        #expect(try caption == "a boat")
    }

    @Test func theLastEditIsTakenBack() throws {
        _ = try post("/pictures/1/words", #"{"seen": 0, "caption": "a ferry"}"#)
        #expect(try page.get("/pictures/1").text.contains("data-undo"))
        let response = try post("/pictures/1/undo", #"{"seen": \#(seen)}"#)
        #expect(response.status == 200)
        #expect(try caption == "a boat")
        #expect(!response.text.contains("data-undo"))
    }

    @Test func wordsOfOthersAreNotOverwrittenUnseen() throws {
        _ = try post("/pictures/1/words", #"{"seen": 0, "caption": "theirs"}"#)
        let response = try post("/pictures/1/words", #"{"seen": 0, "caption": "mine"}"#)
        #expect(response.status == 409)
        #expect(response.text.contains("<h1>theirs</h1>"))
        #expect(try caption == "theirs")
        #expect(try post("/pictures/1/undo", #"{"seen": 0}"#).status == 409)
        #expect(try caption == "theirs")
    }

    static let nonsense = [
        "", "{}", "[]", "null", #"{"seen": "0"}"#, #"{"seen": 0, "caption": 5}"#,
        #"{"seen": 0, "given": "x"}"#, #"{"seen": 0, "given": [1]}"#,
        #"{"seen": 0, "given": [""]}"#,
        #"{"seen": 0, "given": ["a"], "taken": ["a"]}"#, #"{"seen": 1e99, "caption": "x"}"#,
        String(repeating: "[", count: 10_000),
        "{\"seen\": 0, \"caption\": \"\(String(repeating: "a", count: 4001))\"}",
        "{\"seen\": 0, \"given\": [\(Array(repeating: "\"t\"", count: 101).joined(separator: ","))]}",
        "{\"seen\": 0, \"given\": [\"\(String(repeating: "a", count: 1025))\"]}",
    ]

    @Test(arguments: nonsense) func whatIsNoEditChangesNothing(body: String) throws {
        #expect(try post("/pictures/1/words", body).status == 400)
        #expect(try caption == "a boat" && tags == ["boat"])
        #expect(try library.catalogue.edits(of: 1).isEmpty)
    }

    @Test func moreThanIsTakenIsRefusedBeforeItIsRead() throws {
        let long = "{\"seen\": 0, \"caption\": \"\(String(repeating: "a", count: 1 << 20))\"}"
        #expect(try [0, 413].contains(post("/pictures/1/words", long).status))
        #expect(try caption == "a boat")
    }

    @Test(arguments: [
        "/pictures/99/words", "/pictures/x/words", "/pictures/1/other", "/pictures/-1/undo",
    ])
    func whatIsNotThereIsNotChanged(address: String) throws {
        #expect(try post(address, #"{"seen": 0, "caption": "x"}"#).status == 404)
    }

    @Test(arguments: ["/pictures/1/words", "/pictures/1/undo", "/duplicates", "/retry"])
    func nothingIsChangedWithoutTheProofOfOurOwnPage(address: String) throws {
        let cookie = try page.cookie()
        for headers in [
            [], ["Content-Type: application/json"],
            ["X-Vignette-Script: \(try page.scriptToken(cookie))"],
            [
                "Content-Type: application/json",
                "X-Vignette-Script: \(String(repeating: "0", count: 64))",
            ],
        ] {
            let response = try page.ask(
                "POST \(address) HTTP/1.1", ["Host: \(page.host)", "Cookie: \(cookie)"] + headers,
                body: #"{"seen": 0, "caption": "x"}"#)
            #expect(response.status == 403)
        }
        let foreign = try post(
            address, #"{"seen": 0, "caption": "x"}"#, ["Origin: http://evil.com"])
        #expect(foreign.status == 403)
        #expect(try caption == "a boat")
    }
}
