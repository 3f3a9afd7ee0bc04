import Captioning
import Catalogue
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Web

/// Questions about a picture, over the wire.
@Suite struct AskTests {
    private let fox: FoxLibrary
    private var library: PageLibrary { fox.library }
    private var picture: Int64 { fox.picture }

    init() throws { fox = try FoxLibrary() }

    private func page() throws -> ServedPage { try fox.page() }

    @Test func aQuestionIsAnswered() throws {
        let page = try page()
        let part = try page.get("/pictures/\(picture)/ask?part=1&question=Is+there+a+fox%3F").text
        #expect(part.hasPrefix("<div data-said=") && part.contains("By the model demo"), "\(part)")
        // Without scripts the form leads to a page with the answer and the question.
        let whole = try page.get("/pictures/\(picture)/ask?question=Is+there+a+%3Cfox%3E%3F").text
        #expect(whole.contains("Back to the picture") && whole.contains("By the model demo"))
        #expect(whole.contains("Is there a &lt;fox&gt;?") && !whole.contains("<fox>"))
        #expect(try page.get("/pictures/\(picture)").text.contains("data-ask"))
    }

    @Test func oneQuestionIsAtWorkAtATime() throws {
        let page = try page()
        #expect(page.site.turn.begin(picture))
        let refused = try page.get("/pictures/\(picture)/ask?part=1&question=What%3F").text
        #expect(refused.contains("Another question is being answered"))
        page.site.turn.end()
        let answered = try page.get("/pictures/\(picture)/ask?part=1&question=What%3F").text
        #expect(answered.contains("By the model"))
    }

    @Test func aQuestionIsStoppedForItsPictureAlone() {
        let turn = QuestionTurn()
        #expect(turn.begin(1) && !turn.begin(2))
        turn.stop(2)
        #expect(!turn.isStopped)
        turn.stop(1)
        #expect(turn.isStopped)
        turn.end()
        #expect(turn.begin(2) && !turn.isStopped)
    }

    @Test func whatIsStoppedSaysSo() throws {
        let page = try page()
        let source = try #require(
            try library.catalogue.file(ofAsset: picture))
        let originals = try page.site.catalogue.read { try page.site.originals($0) }
        #expect(throws: CancellationError.self) {
            _ = try page.site.attention.answer(
                "What?", about: source, isClip: false, in: originals, shouldStop: { true })
        }
    }

    @Test func withoutAQuestionNothingIsComputed() throws {
        let page = try ServedPage(library)
        let part = try page.get("/pictures/\(picture)/ask?part=1")
        #expect(part.status == 200 && part.text.isEmpty)
        let long = String(repeating: "a", count: AskPart.longest + 1)
        #expect(
            try page.get("/pictures/\(picture)/ask?part=1&question=\(long)").text
                .contains("at most"))
        let answer = try page.get("/pictures/\(picture)/ask?part=1&question=What%3F")
        #expect(answer.text.contains("There is no model"))
        for asset in ["99", "x", "-1"] {
            #expect(try page.get("/pictures/\(asset)/ask?question=What%3F").status == 404)
        }
    }
}
