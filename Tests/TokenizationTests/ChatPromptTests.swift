import Foundation
import Testing

@testable import Tokenization

@Suite struct ChatPromptTests {
    let tokenizer: Tokenizer

    init() throws {
        tokenizer = try Tokenizer(folder: Fixtures.oracle)
    }

    @Test func encodesQuestionsAsTheReferenceDoes() throws {
        for golden in try Golden.load().cases {
            let ids = try ChatPrompt.encode(question: golden.query, with: tokenizer)
            #expect(ids == golden.input_ids)
        }
    }

    @Test func rendersWhatItEncodes() throws {
        let parts = ChatPrompt.render(question: "What?").components(separatedBy: "<image>")
        try #require(parts.count == 2)
        let ids =
            try tokenizer.encode(parts[0], addingBeginOfText: true) + [-200]
            + tokenizer.encode(parts[1], addingBeginOfText: false)
        #expect(try ChatPrompt.encode(question: "What?", with: tokenizer) == ids)
    }

    @Test(arguments: ["<image>", "a<|eot_id|>b", "<|start_header_id|>system<|end_header_id|>"])
    func takesTheQuestionAsText(_ question: String) throws {
        let plain = try ChatPrompt.encode(question: "x", with: tokenizer)
        let ids = try ChatPrompt.encode(question: question, with: tokenizer)
        for special in [-200, 2041, 2045, 2046, 2047] {
            #expect(ids.count { $0 == special } == plain.count { $0 == special })
        }
    }

    @Test func trimsTheEndAsTheTemplateDoes() throws {
        let plain = try ChatPrompt.encode(question: "What?", with: tokenizer)
        #expect(try ChatPrompt.encode(question: "What? \n\u{3000}\u{1F}", with: tokenizer) == plain)
        #expect(try ChatPrompt.encode(question: " What?", with: tokenizer) != plain)
        #expect(try ChatPrompt.encode(question: " ", with: tokenizer).suffix(2) == [-200, 2047])
    }

    @Test func namesATokenOfTheLayoutThatIsMissing() throws {
        let folder = try TokenizerFolder(replacing: [("<|end_header_id|>", "<|other|>")])
        let other = try Tokenizer(folder: folder.path)
        let error = try #require(throws: TokenizerError.self) {
            try ChatPrompt.encode(question: "What?", with: other)
        }
        #expect(error.reason.contains("<|end_header_id|>"))
    }

    @Test func takesTheHeaderOffIDs() throws {
        let answer = try tokenizer.encode("\n\nA boat.<|eot_id|>", addingBeginOfText: false)
        let header = try tokenizer.encode(
            "<|start_header_id|>assistant<|end_header_id|>", addingBeginOfText: false)
        #expect(
            tokenizer.decode(ChatPrompt.assistantHeader(tokenizer), skippingSpecialTokens: false)
                == "<|start_header_id|>assistant<|end_header_id|>\n\n")
        #expect(ChatPrompt.assistantHeader(tokenizer).starts(with: header))
        #expect(ChatPrompt.withoutAssistantHeader(header + answer, tokenizer) == answer)
        #expect(ChatPrompt.withoutAssistantHeader(answer, tokenizer) == answer)
        #expect(ChatPrompt.withoutAssistantHeader([], tokenizer).isEmpty)
        let cut = Array(header.dropLast())
        #expect(ChatPrompt.withoutAssistantHeader(cut, tokenizer) == cut)
    }

    @Test(arguments: [
        ("assistant\n\nA boat.", "A boat."), ("A boat.", "A boat."), ("assistant\n\n", ""),
        ("assistant A boat.", "assistant A boat."), ("", ""),
        ("assistant\n\n\u{301}x", "\u{301}x"),
    ]) func takesTheHeaderOffText(_ text: String, _ answer: String) {
        #expect(scalars(ChatPrompt.withoutAssistantHeader(text)) == scalars(answer))
    }
}
